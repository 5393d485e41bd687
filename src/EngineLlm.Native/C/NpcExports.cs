using System;
using System.Runtime.InteropServices;
using EngineLlm.Dialogue;

namespace EngineLlm.Native.C;

/// <summary>Functions of <c>enginellm.h</c> about characters.</summary>
internal static unsafe class NpcExports
{
    // Room for one character of any length, and the zero byte.
    private const int MinReadCapacity = 8;

    [UnmanagedCallersOnly(EntryPoint = "enginellm_npc_create")]
    internal static Status Create(ulong engine, NpcOptionsStruct* options, ulong* npc)
    {
        try
        {
            Marshalling.Require(npc, nameof(npc));
            *npc = 0;
            HostedEngine hosted = HostedEngine.Find(engine);
            *npc = new HostedNpc(hosted, Marshalling.ReadStruct<NpcOptionsStruct>(options, nameof(options))).Handle;
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_npc_free")]
    internal static Status Free(ulong npc)
    {
        try
        {
            HostedNpc.Find(npc).Free();
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_npc_prepare")]
    internal static Status Prepare(ulong npc)
    {
        try
        {
            HostedNpc.Find(npc).Session.Npc.Prepare();
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_npc_say")]
    internal static Status Say(ulong npc, byte* text)
    {
        try
        {
            HostedNpc.Find(npc).Session.Say(Marshalling.ReadText(text, nameof(text)));
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_npc_read")]
    internal static Status Read(ulong npc, byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            NpcSession session = HostedNpc.Find(npc).Session;
            Marshalling.Require(buffer, nameof(buffer));
            if (capacity < MinReadCapacity)
                throw new RefusedException(Status.InvalidArgument, $"capacity is {capacity}, and has to be {MinReadCapacity} or more.");
            int count = session.Read(new Span<byte>(buffer, (int)Math.Min(capacity - 1, int.MaxValue)));
            buffer[count] = 0;
            if (length != null) *length = (nuint)count;
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_npc_get_answer")]
    internal static Status GetAnswer(ulong npc, AnswerStruct* answer)
    {
        try
        {
            Marshalling.WriteStruct(answer, Describe(HostedNpc.Find(npc).Session), nameof(answer));
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_npc_stop")]
    internal static Status Stop(ulong npc)
    {
        try
        {
            HostedNpc.Find(npc).Session.Stop();
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_npc_cancel")]
    internal static Status Cancel(ulong npc)
    {
        try
        {
            HostedNpc.Find(npc).Session.Cancel();
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_npc_reset")]
    internal static Status Reset(ulong npc)
    {
        try
        {
            HostedNpc.Find(npc).Session.Reset();
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    private static AnswerStruct Describe(NpcSession session) => new()
    {
        State = (uint)session.State,
        Finish = (uint)session.End,
        PromptTokens = (uint)(session.Answer?.PromptTokenCount ?? 0),
        SharedTokens = (uint)(session.Answer?.SharedTokenCount ?? 0),
        AnswerTokens = (uint)(session.Answer?.TokenCount ?? 0),
        UnreadBytes = (ulong)session.UnreadBytes,
    };
}
