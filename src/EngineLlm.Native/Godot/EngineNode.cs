using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary>How far an engine is; numbered as scripts see it.</summary>
internal enum EngineNodeState
{
    /// <summary>No model is loaded, and none is being loaded.</summary>
    Unloaded,

    /// <summary>The model is on its way.</summary>
    Loading,

    /// <summary>Characters can talk.</summary>
    Ready,

    /// <summary>Loading failed, or the device was lost.</summary>
    Failed,
}

/// <summary>
/// <c>LlmEngine</c>: a model on a device, with a budget of each frame. Lives on the game's thread; loading and freeing go on elsewhere.
/// </summary>
internal sealed partial class EngineNode(nint owner) : GodotObject(owner)
{
    private static readonly List<EngineNode> s_inTree = [];

    private readonly List<NpcNode> _npcs = [];
    private EngineSession? _session;
    private EngineNodeState _state;
    private string _error = "";
    private LoadProgress _told;
    private bool _isUpdating;
    private bool _releasesAfterUpdate;

    internal EngineNodeState State => _state;

    /// <summary>Why the engine failed.</summary>
    internal string ErrorText => _error;

    /// <summary>The engine's session, where it is ready.</summary>
    internal EngineSession? ReadySession => _state == EngineNodeState.Ready ? _session : null;

    /// <summary>The engine that a node belongs to: the nearest above it, or else the first of the scene tree.</summary>
    internal static EngineNode? FindFor(nint node)
    {
        for (nint parent = ObjectCalls.GetParent(node); parent != 0; parent = ObjectCalls.GetParent(parent))
        {
            if (Find<EngineNode>(parent) is { } engine) return engine;
        }
        return s_inTree.FirstOrDefault();
    }

    internal void Add(NpcNode npc) => _npcs.Add(npc);

    internal void Remove(NpcNode npc) => _npcs.Remove(npc);

    internal override void OnNotification(int what)
    {
        switch (what)
        {
            case Notifications.EnterTree: s_inTree.Add(this); break;
            case Notifications.ExitTree: s_inTree.Remove(this); break;
            case Notifications.InternalProcess: Process(); break;
            case Notifications.Ready:
                ObjectCalls.SetProcessInternal(Owner, true);
                if (_loadsOnReady) Load();
                break;
        }
    }

    /// <summary>Starts to load the model, unless it is there or on its way.</summary>
    internal void Load()
    {
        if (_state is EngineNodeState.Loading or EngineNodeState.Ready) return;
        _state = EngineNodeState.Loading;
        _error = "";
        _told = default;
    }

    /// <summary>Ends every answer and gives the device's memory back, in the background.</summary>
    internal void Unload()
    {
        _state = EngineNodeState.Unloaded;
        Release();
    }

    protected override void OnFreed()
    {
        s_inTree.Remove(this);
        Unload();
        while (_npcs.Count > 0) _npcs[^1].LoseEngine();
    }

    private void Process()
    {
        switch (_state)
        {
            // What another engine, or this one, had before is freed first: two models at once might not fit.
            case EngineNodeState.Loading when _session is null && Disposals.AreDone: Start(); break;
            case EngineNodeState.Loading when _session is not null: FollowLoading(_session); break;
            case EngineNodeState.Ready: Update(_session!); break;
        }
    }

    private void Start()
    {
        try
        {
            _session = new EngineSession(ModelPath.Resolve(_modelPath), ToOptions());
        }
        catch (Exception e) when (e is EngineLlmException or ArgumentException)
        {
            Fail(e.Message);
        }
    }

    private void FollowLoading(EngineSession session)
    {
        if (session.IsReady)
        {
            _state = EngineNodeState.Ready;
            Emit("loaded");
            for (int i = _npcs.Count - 1; i >= 0 && ReadySession == session; i--)
                if (i < _npcs.Count) _npcs[i].OnEngineReady();
        }
        else if (session.LoadError is { } error)
        {
            Fail(error.Message);
        }
        else if (session.Progress is var progress && progress != _told)
        {
            _told = progress;
            Emit("loading", Value.Of(progress.Stage), Value.Of(progress.Fraction));
        }
    }

    private void Update(EngineSession session)
    {
        _isUpdating = true;
        try
        {
            session.Update((int)Math.Clamp(_budgetMilliseconds * 1000, 0, int.MaxValue));
        }
        catch (EngineLlmException e)
        {
            Fail(e.Message);
        }
        finally
        {
            _isUpdating = false;
            if (_releasesAfterUpdate) Release();
        }
    }

    private void Fail(string message)
    {
        _state = EngineNodeState.Failed;
        _error = message;
        Release();
        Log.Error(message);
        for (int i = _npcs.Count - 1; i >= 0; i--)
            if (i < _npcs.Count) _npcs[i].OnEngineFailed(message);
        Emit("failed", Value.Of(message));
    }

    // A handler of a signal may ask for this during an update, which has to end first.
    private void Release()
    {
        _releasesAfterUpdate = _isUpdating;
        if (_isUpdating || _session is not { } session) return;
        _session = null;
        foreach (NpcNode npc in _npcs) npc.LoseSession();
        Disposals.Add(session);
    }
}
