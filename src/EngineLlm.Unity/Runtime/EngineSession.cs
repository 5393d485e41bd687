using System;
using System.Threading;
using System.Threading.Tasks;

namespace EngineLlm.Unity
{
    /// <summary>
    /// One engine from its loading to its end, both of which happen on other threads. The one owner of the engine: whoever starts a session
    /// closes it.
    /// </summary>
    internal sealed class EngineSession : IProgress<LoadProgress>
    {
        // Loading weights takes most of the time, compiling kernels the rest.
        private const float WeightsShare = 0.8f;

        private readonly CancellationTokenSource _cancellation = new CancellationTokenSource();
        private readonly Task<LlmEngine> _loading;
        private volatile float _progress;
        private bool _isClosed;

        internal EngineSession(string modelPath, EngineOptions options)
        {
            _loading = Task.Run(() => LlmEngine.Load(modelPath, options, this, _cancellation.Token));
            EngineSessions.Add(this);
        }

        /// <summary>How far loading is, 0 to 1.</summary>
        internal float Progress => _progress;

        /// <summary>True once the engine is there, or will never be.</summary>
        internal bool IsLoaded => _loading.IsCompleted;

        /// <summary>The engine, or null before it is there, where loading failed, and once the session is closed.</summary>
        internal LlmEngine Engine => !_isClosed && _loading.Status == TaskStatus.RanToCompletion ? _loading.Result : null;

        /// <summary>Why loading failed, or null.</summary>
        internal Exception Failure => _loading.IsFaulted ? _loading.Exception.GetBaseException() : null;

        /// <summary>Done when the device has been given back; null before <see cref="Close"/>.</summary>
        internal Task Closed { get; private set; }

        /// <summary>
        /// Gives up loading, or ends every answer, and gives the device back, all on another thread. Only the first call counts.
        /// </summary>
        internal void Close()
        {
            if (_isClosed) return;
            _isClosed = true;
            _cancellation.Cancel();
            Closed = _loading.ContinueWith(Dispose, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        void IProgress<LoadProgress>.Report(LoadProgress value)
        {
            float fraction = (float)value.Fraction;
            _progress = value.Stage == "weights" ? fraction * WeightsShare : WeightsShare + fraction * (1 - WeightsShare);
        }

        private void Dispose(Task<LlmEngine> loading)
        {
            if (loading.Status == TaskStatus.RanToCompletion) loading.Result.Dispose();
            // Looked at, so that a loading that failed after it was given up is not reported as unobserved.
            else if (loading.IsFaulted) _ = loading.Exception;
            _cancellation.Dispose();
        }
    }
}
