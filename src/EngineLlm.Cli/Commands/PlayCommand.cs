using System.CommandLine;
using System.Threading;
using EngineLlm.Cli.Playing;
using EngineLlm.Cli.Scenes;
using EngineLlm.Sampling;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm play`: a place with characters to talk to.</summary>
internal static class PlayCommand
{
    // Beside a game that draws, a few milliseconds are all there is. The software driver computes on the same cores as this loop, which
    // draws little.
    private const double GpuBudgetMilliseconds = 4;
    private const double SoftwareBudgetMilliseconds = 16;

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<string?> model = SharedOptions.Model();
        Option<string?> device = SharedOptions.Device();
        var scene = new Option<string?>("--scene")
        {
            Description = "A scene of your own; samples/README.md says how to write one.",
            HelpName = "file",
        };
        Option<double?> budget = NumberOptions.Optional(
            "--budget", "milliseconds", "Device time a frame may give to the characters. Default: 4 ms, on the software driver 16.",
            0.05, 1000);
        Option<int> maxTokens = SharedOptions.MaxTokens(96);
        var sampling = new SamplingOptions();
        Option<int?> context = SharedOptions.Context();
        Option<string?> preTokenizer = SharedOptions.PreTokenizer();
        Option<int> longEnough = NumberOptions.Required(
            "--sentences-after", "characters", "An answer of so many characters ends with its sentence.", 1, 1 << 20, 120);
        var command = new Command("play", "Talk to the characters of a scene. Lines come from the keyboard, or from a pipe.")
        {
            model, device, scene, budget, maxTokens, longEnough, context, preTokenizer,
        };
        sampling.AddTo(command);
        command.SetAction(parsed =>
        {
            Scene read = parsed.GetValue(scene) is { } path ? SceneReader.Read(path) : SceneReader.BuiltIn();
            var options = new EngineOptions
            {
                Device = parsed.GetValue(device), ContextLength = parsed.GetValue(context), PreTokenizer = parsed.GetValue(preTokenizer),
            };
            LlmEngine engine = EngineLoader.Load(ModelLocator.Find(parsed.GetValue(model)), options, terminal, cancellation);
            double usual = engine.Device.Kind == "software" ? SoftwareBudgetMilliseconds : GpuBudgetMilliseconds;
            double milliseconds = parsed.GetValue(budget) ?? usual;
            SamplingParameters chosen = sampling.Of(parsed, engine.DefaultSampling);
            using EngineStage stage = StageOf(engine, read, chosen, parsed.GetValue(maxTokens), parsed.GetValue(longEnough));
            Play(read, stage, (int)(milliseconds * 1000), terminal, cancellation);
            return ExitCodes.Success;
        });
        return command;
    }

    private static EngineStage StageOf(LlmEngine engine, Scene scene, SamplingParameters sampling, int maxTokens, int longEnough)
    {
        try
        {
            return new EngineStage(engine, scene, sampling, maxTokens, longEnough);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private static void Play(Scene scene, EngineStage stage, int budgetMicroseconds, Terminal terminal, CancellationToken cancellation)
    {
        if (!terminal.IsInteractive)
        {
            var pipe = new PipeLines(terminal.Input);
            new PlayLoop(scene, stage, new PipeView(terminal.Output), pipe, interruptible: false, budgetMicroseconds).Run(cancellation);
            return;
        }
        var lines = new KeyLines();
        var view = new LiveView(terminal.Console, lines);
        view.Run(() => new PlayLoop(scene, stage, view, lines, interruptible: true, budgetMicroseconds).Run(cancellation));
    }
}
