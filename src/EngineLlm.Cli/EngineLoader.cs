using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;

namespace EngineLlm.Cli;

/// <summary>Loads an engine with a progress bar, as a game's loading screen would: on the thread pool, while this thread draws.</summary>
internal static class EngineLoader
{
    private static readonly TimeSpan s_drawInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Loads a model file.</summary>
    internal static LlmEngine Load(string modelPath, EngineOptions options, Terminal terminal, CancellationToken cancellation) =>
        Load(Path.GetFileName(modelPath), progress => LlmEngine.LoadAsync(modelPath, options, progress, cancellation), terminal);

    /// <summary>Loads whatever a function loads.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="start">Starts the loading.</param>
    /// <param name="terminal">Where the bar is drawn: on the error stream, so that results can be piped. In a pipe there is none.</param>
    internal static LlmEngine Load(string name, Func<IProgress<LoadProgress>, Task<LlmEngine>> start, Terminal terminal)
    {
        var latest = new LatestProgress();
        Task<LlmEngine> loading = start(latest);
        if (terminal.ErrorIsTerminal) Draw(name, loading, latest, terminal.ErrorConsole);
        return loading.GetAwaiter().GetResult();
    }

    private static void Draw(string name, Task loading, LatestProgress latest, IAnsiConsole console)
    {
        Progress bar = console.Progress().AutoClear(true);
        bar.Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn());
        bar.Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(name), maxValue: 1);
            while (!loading.IsCompleted)
            {
                LoadProgress progress = latest.Value;
                task.Description = Markup.Escape($"{name}: {progress.Stage}");
                task.Value = progress.Fraction;
                ((IAsyncResult)loading).AsyncWaitHandle.WaitOne(s_drawInterval);
            }
        });
    }

    /// <summary>Keeps the newest report, which comes on whatever thread loads.</summary>
    private sealed class LatestProgress : IProgress<LoadProgress>
    {
        private readonly Lock _lock = new();
        private LoadProgress _value = new("opening", 0);

        internal LoadProgress Value
        {
            get
            {
                lock (_lock) return _value;
            }
        }

        public void Report(LoadProgress value)
        {
            lock (_lock) _value = value;
        }
    }
}
