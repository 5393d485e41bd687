using System;
using System.Collections.Generic;

namespace EngineLlm.Native.C;

/// <summary>An engine behind a handle, with the thread that it belongs to.</summary>
internal sealed class HostedEngine
{
    private static readonly HandleTable s_handles = new();
    private readonly List<HostedNpc> _npcs = [];
    private volatile int _threadId = Environment.CurrentManagedThreadId;

    internal HostedEngine(EngineSession session)
    {
        Session = session;
        Handle = s_handles.Add(this);
    }

    /// <summary>Handles of engines and characters: one table, so that one kind is never taken for the other.</summary>
    internal static HandleTable Handles => s_handles;

    internal EngineSession Session { get; }

    internal ulong Handle { get; }

    /// <summary>The engine behind a handle, on its own thread.</summary>
    internal static HostedEngine Find(ulong handle)
    {
        HostedEngine engine = FindOnAnyThread(handle);
        engine.RequireThread();
        return engine;
    }

    internal static HostedEngine FindOnAnyThread(ulong handle) =>
        s_handles.Find<HostedEngine>(handle)
        ?? throw new RefusedException(Status.InvalidHandle, "This is not the handle of an engine, or it was freed.");

    /// <summary>The session, once it is loaded.</summary>
    internal EngineSession Ready()
    {
        if (Session.IsReady) return Session;
        throw Session.LoadError ?? new RefusedException(Status.NotReady, "The engine is still loading; poll it until it is ready.");
    }

    internal void RequireThread()
    {
        if (_threadId == Environment.CurrentManagedThreadId) return;
        throw new RefusedException(Status.WrongThread,
            "The engine belongs to another thread; call from that one, or hand the engine over with enginellm_engine_use_thread.");
    }

    internal void RequireNoCallback()
    {
        if (Session.IsDelivering) throw new RefusedException(Status.InCallback, "Not from within a callback of the same engine.");
    }

    internal void UseThread() => _threadId = Environment.CurrentManagedThreadId;

    internal void Add(HostedNpc npc) => _npcs.Add(npc);

    internal void Remove(HostedNpc npc) => _npcs.Remove(npc);

    internal void Free()
    {
        s_handles.Remove(Handle);
        for (int i = _npcs.Count - 1; i >= 0; i--) _npcs[i].Free();
        Session.Dispose();
    }
}

/// <summary>A character behind a handle, with the callbacks that hear it.</summary>
internal sealed unsafe class HostedNpc : INpcListener
{
    private readonly HostedEngine _engine;
    private readonly delegate* unmanaged<ulong, byte*, nuint, void*, void> _onText;
    private readonly delegate* unmanaged<ulong, uint, void*, void> _onFinished;
    private readonly void* _userData;

    internal HostedNpc(HostedEngine engine, in NpcOptionsStruct options)
    {
        _engine = engine;
        _onText = options.OnText;
        _onFinished = options.OnFinished;
        _userData = options.UserData;
        Session = engine.Ready().CreateNpc(OptionsReader.ToNpcOptions(options, engine.Ready().Engine.DefaultSampling), this);
        Handle = HostedEngine.Handles.Add(this);
        engine.Add(this);
    }

    internal NpcSession Session { get; }

    internal ulong Handle { get; }

    /// <summary>Text goes to a callback, not to those who read.</summary>
    bool INpcListener.TakesText => _onText != null;

    /// <summary>The character behind a handle, on its engine's thread.</summary>
    internal static HostedNpc Find(ulong handle)
    {
        HostedNpc npc = HostedEngine.Handles.Find<HostedNpc>(handle)
            ?? throw new RefusedException(Status.InvalidHandle, "This is not the handle of a character, or it or its engine was freed.");
        npc._engine.RequireThread();
        return npc;
    }

    internal void Free()
    {
        HostedEngine.Handles.Remove(Handle);
        Session.Dispose();
        _engine.Remove(this);
    }

    void INpcListener.OnText(ReadOnlySpan<byte> utf8)
    {
        fixed (byte* text = utf8) _onText(Handle, text, (nuint)utf8.Length, _userData);
    }

    void INpcListener.OnFinished(AnswerEnd end)
    {
        if (_onFinished != null) _onFinished(Handle, (uint)end, _userData);
    }
}
