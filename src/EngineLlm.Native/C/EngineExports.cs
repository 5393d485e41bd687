using System;
using System.Runtime.InteropServices;

namespace EngineLlm.Native.C;

/// <summary>Functions of <c>enginellm.h</c> about engines.</summary>
internal static unsafe class EngineExports
{
    private const uint Loading = 0, Ready = 1, Failed = 2;

    [UnmanagedCallersOnly(EntryPoint = "enginellm_engine_create")]
    internal static Status Create(EngineOptionsStruct* options, ulong* engine)
    {
        try
        {
            Marshalling.Require(engine, nameof(engine));
            *engine = 0;
            EngineOptionsStruct read = Marshalling.ReadStruct<EngineOptionsStruct>(options, nameof(options));
            string path = Marshalling.ReadText(read.ModelPath, "model_path");
            *engine = new HostedEngine(new EngineSession(path, OptionsReader.ToEngineOptions(read))).Handle;
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_engine_poll")]
    internal static Status Poll(ulong engine, LoadStruct* load)
    {
        try
        {
            EngineSession session = HostedEngine.Find(engine).Session;
            LoadProgress progress = session.Progress;
            var state = new LoadStruct { State = session.IsReady ? Ready : Loading, Fraction = (float)progress.Fraction };
            Marshalling.WriteText(progress.Stage, new Span<byte>(state.Stage, 32));
            Exception? error = session.LoadError;
            if (error is not null)
            {
                state.State = Failed;
                state.Status = LastError.Set(error);
            }
            Marshalling.WriteStruct(load, state, nameof(load));
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_engine_cancel_load")]
    internal static Status CancelLoad(ulong engine)
    {
        try
        {
            HostedEngine.Find(engine).Session.CancelLoading();
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_engine_free")]
    internal static Status Free(ulong engine)
    {
        try
        {
            HostedEngine hosted = HostedEngine.Find(engine);
            hosted.RequireNoCallback();
            hosted.Free();
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_engine_use_thread")]
    internal static Status UseThread(ulong engine)
    {
        try
        {
            HostedEngine.FindOnAnyThread(engine).UseThread();
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_engine_update")]
    internal static Status Update(ulong engine, uint budgetMicroseconds)
    {
        try
        {
            HostedEngine hosted = HostedEngine.Find(engine);
            hosted.RequireNoCallback();
            hosted.Ready().Update((int)Math.Min(budgetMicroseconds, int.MaxValue));
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_engine_wait")]
    internal static Status Wait(ulong engine, uint timeoutMicroseconds)
    {
        try
        {
            HostedEngine.Find(engine).Ready().Engine.WaitForProgress(TimeSpan.FromMicroseconds(timeoutMicroseconds));
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_engine_get_statistics")]
    internal static Status GetStatistics(ulong engine, StatisticsStruct* statistics)
    {
        try
        {
            EngineSession session = HostedEngine.Find(engine).Ready();
            Marshalling.WriteStruct(statistics, Describe(session.Engine.Statistics, session.UpdateMicroseconds), nameof(statistics));
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_engine_get_page_map")]
    internal static Status GetPageMap(ulong engine, byte* pages, nuint capacity, nuint* count)
    {
        try
        {
            EngineSession session = HostedEngine.Find(engine).Ready();
            Marshalling.Require(count, nameof(count));
            if (capacity > 0) Marshalling.Require(pages, nameof(pages));
            *count = (nuint)session.Engine.ReadPageMap(new Span<PageState>(pages, (int)Math.Min(capacity, int.MaxValue)));
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    private static StatisticsStruct Describe(in EngineStatistics statistics, double updateMicroseconds) => new()
    {
        PageCount = (uint)statistics.PageCount,
        PagesUsed = (uint)statistics.PagesUsed,
        PagesCached = (uint)statistics.PagesCached,
        SequencesRunning = (uint)statistics.SequencesRunning,
        SequencesWaiting = (uint)statistics.SequencesWaiting,
        TokensGenerated = (ulong)statistics.TokensGenerated,
        TokensPrefilled = (ulong)statistics.TokensPrefilled,
        Steps = (ulong)statistics.Steps,
        Segments = (ulong)statistics.Segments,
        Preemptions = (ulong)statistics.Preemptions,
        DeviceBytes = statistics.DeviceBytes,
        SegmentMicroseconds = statistics.SegmentMicroseconds,
        UpdateMicroseconds = updateMicroseconds,
        TokensDrafted = (ulong)statistics.TokensDrafted,
        DraftsAccepted = (ulong)statistics.DraftsAccepted,
    };
}
