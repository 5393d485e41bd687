using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Dialogue;

namespace EngineLlm.Native;

/// <summary>
/// An engine as a native host sees it: it loads in the background, is looked at once a frame, and tells of words after an update, when
/// nothing of the engine is locked. Belongs to one thread at a time; only loading goes on elsewhere.
/// </summary>
internal sealed class EngineSession : IDisposable, IProgress<LoadProgress>
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Task<LlmEngine> _loading;
    private readonly List<NpcSession> _npcs = [];
    private readonly List<NpcSession> _delivering = [];
    private string _stage = "file";
    private double _fraction;
    private bool _isDisposed;

    /// <summary>Starts to load a model on the thread pool, and returns at once.</summary>
    internal EngineSession(string modelPath, EngineOptions options)
    {
        _loading = LlmEngine.LoadAsync(modelPath, options, this, _cancellation.Token);
    }

    /// <summary>True once loading has succeeded.</summary>
    internal bool IsReady => _loading.IsCompletedSuccessfully;

    /// <summary>Why loading failed, or null: an <see cref="OperationCanceledException"/> where it was given up.</summary>
    internal Exception? LoadError =>
        _loading.IsCanceled ? new OperationCanceledException("Loading was cancelled.") : _loading.Exception?.InnerException;

    /// <summary>How far loading is.</summary>
    internal LoadProgress Progress =>
        IsReady ? new LoadProgress("kernels", 1) : new LoadProgress(Volatile.Read(ref _stage), Volatile.Read(ref _fraction));

    /// <summary>The engine. Only while <see cref="IsReady"/>.</summary>
    internal LlmEngine Engine => IsReady ? _loading.Result : throw new InvalidOperationException("The engine is not loaded.");

    /// <summary>True while listeners are called.</summary>
    internal bool IsDelivering { get; private set; }

    /// <summary>What the newest update cost its thread, listeners left out.</summary>
    internal double UpdateMicroseconds { get; private set; }

    /// <summary>Gives up loading; nothing happens once it is over.</summary>
    internal void CancelLoading() => _cancellation.Cancel();

    /// <summary>Makes a character of this engine.</summary>
    /// <param name="options">Who it is.</param>
    /// <param name="listener">Told of words after each update; null where they are read.</param>
    /// <exception cref="PromptTooLongException">The persona leaves no room for a conversation.</exception>
    internal NpcSession CreateNpc(NpcOptions options, INpcListener? listener = null)
    {
        var npc = new NpcSession(this, Engine.CreateNpc(options), listener);
        _npcs.Add(npc);
        return npc;
    }

    /// <summary>Once a frame: lets the engine do what fits into the budget, then tells the listeners.</summary>
    /// <exception cref="DeviceLostException">The driver reset the device; the listeners have heard that their answers failed.</exception>
    internal void Update(int budgetMicroseconds)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            Engine.Update(budgetMicroseconds);
        }
        finally
        {
            UpdateMicroseconds = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            Deliver();
        }
    }

    /// <summary>Frees the engine and forgets its characters. Waits for the device, or for loading to give up.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        for (int i = _npcs.Count - 1; i >= 0; i--) _npcs[i].Dispose();
        _cancellation.Cancel();
        ((IAsyncResult)_loading).AsyncWaitHandle.WaitOne();
        if (IsReady) _loading.Result.Dispose();
        _cancellation.Dispose();
        _loading.Dispose();
    }

    void IProgress<LoadProgress>.Report(LoadProgress progress)
    {
        Volatile.Write(ref _stage, progress.Stage);
        Volatile.Write(ref _fraction, progress.Fraction);
    }

    internal void Remove(NpcSession npc) => _npcs.Remove(npc);

    // Listeners may make and free characters, so they are called from a copy.
    private void Deliver()
    {
        _delivering.AddRange(_npcs);
        IsDelivering = true;
        try
        {
            foreach (NpcSession npc in _delivering) npc.Deliver();
        }
        finally
        {
            IsDelivering = false;
            _delivering.Clear();
        }
    }
}
