using System;
using System.Runtime.InteropServices;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary><c>LlmNpc</c>: a character that talks. Its conversation lives for as long as the node and its engine's model do.</summary>
internal sealed unsafe partial class NpcNode : GodotObject, INpcListener
{
    private readonly Variant* _persona = (Variant*)NativeMemory.AllocZeroed((nuint)sizeof(Variant));
    private EngineNode? _engine;
    private NpcSession? _session;
    private string? _pendingText;
    private bool _preparesOnceReady;

    internal NpcNode(nint owner) : base(owner) => GodotApi.VariantNewNil(_persona);

    bool INpcListener.TakesText => true;

    private bool IsTalking =>
        _pendingText is not null || _session?.State is AnswerState.Waiting or AnswerState.Speaking;

    /// <summary>The player says something; the answer comes with signals.</summary>
    internal void Say(string text)
    {
        if (ReachEngine() is not { } engine) return;
        if (string.IsNullOrWhiteSpace(text))
        {
            Fail("There is nothing to answer: say() was given no words.");
        }
        else if (engine.State is EngineNodeState.Failed)
        {
            Fail(engine.ErrorText);
        }
        else
        {
            _pendingText = text;
            if (engine.ReadySession is not null) SayPending();
        }
    }

    /// <summary>Has the persona computed before the player speaks.</summary>
    internal void Prepare()
    {
        if (ReachEngine() is not { } engine) return;
        _preparesOnceReady = engine.ReadySession is null;
        if (!_preparesOnceReady) Try(() => Session().Npc.Prepare());
    }

    /// <summary>Ends the answer; what was said stays said.</summary>
    internal void Stop()
    {
        _pendingText = null;
        _session?.Stop();
    }

    /// <summary>Forgets the conversation, and takes back the answer that is being given.</summary>
    internal void Forget()
    {
        _pendingText = null;
        _session?.Reset();
    }

    /// <summary>The engine has loaded its model.</summary>
    internal void OnEngineReady()
    {
        if (_preparesOnceReady) Prepare();
        if (_pendingText is not null) SayPending();
    }

    /// <summary>The engine could not load its model, or has lost its device.</summary>
    internal void OnEngineFailed(string message)
    {
        if (_pendingText is null) return;
        _pendingText = null;
        Emit("failed", Value.Of(message));
    }

    /// <summary>The engine's model goes; the conversation with it.</summary>
    internal void LoseSession() => _session = null;

    /// <summary>The engine's node goes.</summary>
    internal void LoseEngine()
    {
        _engine?.Remove(this);
        _engine = null;
        _session = null;
    }

    void INpcListener.OnText(ReadOnlySpan<byte> utf8) => EmitUtf8("word", utf8);

    void INpcListener.OnFinished(AnswerEnd end)
    {
        if (end == AnswerEnd.Failed) Fail("The answer ended early, because the engine failed.");
        else if (end != AnswerEnd.Cancelled) Emit("answered", Value.Of(_session?.Answer?.Text ?? ""));
    }

    protected override void OnFreed()
    {
        _session?.Dispose();
        LoseEngine();
        GodotApi.VariantDestroy(_persona);
        NativeMemory.Free(_persona);
    }

    private void SayPending()
    {
        string text = _pendingText!;
        _pendingText = null;
        Try(() => Session().Say(text));
    }

    // Whoever the persona was changed for starts anew.
    private void DropSession()
    {
        _session?.Dispose();
        _session = null;
    }

    private NpcSession Session()
    {
        if (_session is not null) return _session;
        if (Find<PersonaResource>(PersonaAddress) is not { } persona)
            throw new EngineLlmException("The LlmNpc has no persona; give it an LlmPersona.");
        ulong seed = _seed != 0 ? (ulong)_seed : (ulong)Random.Shared.NextInt64();
        EngineSession engine = _engine!.ReadySession!;
        return _session = engine.CreateNpc(persona.ToOptions((int)_priority, seed, engine.Engine.DefaultSampling), this);
    }

    private EngineNode? ReachEngine()
    {
        if (_engine is not null) return _engine;
        bool isNamed = _enginePath.Length > 0;
        EngineNode? engine = isNamed ? Find<EngineNode>(ObjectCalls.GetNode(Owner, _enginePath)) : EngineNode.FindFor(Owner);
        if (engine is null)
        {
            Fail(isNamed ? $"There is no LlmEngine at {_enginePath}." : "There is no LlmEngine in the scene.");
            return null;
        }
        engine.Add(this);
        return _engine = engine;
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is EngineLlmException or ArgumentException)
        {
            Fail(e.Message);
        }
    }

    private void Fail(string message)
    {
        Log.Error(message);
        Emit("failed", Value.Of(message));
    }
}
