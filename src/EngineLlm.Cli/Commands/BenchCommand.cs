using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Cli.Benching;
using EngineLlm.Models.Weights;
using Spectre.Console;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm bench`: tokens a second, by batch and context.</summary>
internal static class BenchCommand
{
    private static readonly int[] s_prefill = [128, 512];
    private static readonly int[] s_batch = [1, 8, 16];
    private static readonly int[] s_context = [0, 512];

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<string?> model = SharedOptions.Model();
        var shape = new Option<string?>("--shape")
        {
            Description = $"Random weights of this shape instead of a model: {string.Join(", ", SyntheticWeights.ShapeNames)}.",
            HelpName = "shape",
        };
        var type = new Option<string>("--type")
        {
            Description = "The type of the random weights, as GGUF names it.",
            DefaultValueFactory = _ => "q4_0",
            HelpName = "type",
        };
        Option<string?> device = SharedOptions.Device();
        Option<int[]?> prefill = NumberOptions.List("--prefill", "tokens,...", "Lengths of prompts.", 1, 1 << 17, s_prefill);
        Option<int[]?> batch = NumberOptions.List("--batch", "count,...", "Sequences that decode at the same time.", 1, 256, s_batch);
        Option<int[]?> context = NumberOptions.List(
            "--context", "tokens,...", "Tokens that each of them has before.", 0, 1 << 17, s_context);
        Option<int> tokens = NumberOptions.Required("--tokens", "count", "Tokens that each of them decodes.", 1, 4096, 32);
        Option<int> repeats = NumberOptions.Required("--repeat", "count", "Measurements; the median counts.", 1, 100, 3);
        Option<int> chunk = NumberOptions.Required(
            "--chunk", "tokens", "Tokens a step: how long a chunk of a prompt may be.", 1, 1024, 128);
        Option<string?> preTokenizer = SharedOptions.PreTokenizer();
        Option<bool> json = SharedOptions.Json();
        var command = new Command("bench", "Measure tokens a second, by batch and context. Results are checked first.")
        {
            model, shape, type, device, prefill, batch, context, tokens, repeats, chunk, preTokenizer, json,
        };
        command.SetAction(parsed =>
        {
            var plan = new BenchPlan(
                Given(parsed.GetValue(prefill), s_prefill),
                Given(parsed.GetValue(batch), s_batch),
                Given(parsed.GetValue(context), s_context),
                parsed.GetValue(tokens),
                parsed.GetValue(repeats));
            EngineOptions options = plan.OptionsFor(parsed.GetValue(device), parsed.GetValue(chunk)) with
            {
                PreTokenizer = parsed.GetValue(preTokenizer),
            };
            string? shapeName = parsed.GetValue(shape);
            if (shapeName is not null && parsed.GetValue(model) is not null)
                throw new InputException("--model and --shape exclude each other; give one of them.");
            (string name, LlmEngine engine) = shapeName is null
                ? LoadFile(ModelLocator.Find(parsed.GetValue(model)), options, terminal, cancellation)
                : LoadRandom(shapeName, parsed.GetRequiredValue(type), options, terminal, cancellation);
            using (engine) Measure(engine, name, plan, parsed.GetValue(json), terminal, cancellation);
            return ExitCodes.Success;
        });
        return command;
    }

    private static (string Name, LlmEngine Engine) LoadFile(
        string path, EngineOptions options, Terminal terminal, CancellationToken cancellation) =>
        (Path.GetFileName(path), EngineLoader.Load(path, options, terminal, cancellation));

    private static (string Name, LlmEngine Engine) LoadRandom(
        string shape, string type, EngineOptions options, Terminal terminal, CancellationToken cancellation)
    {
        string name = $"{shape} {type}, random weights";
        using SyntheticWeights weights = SyntheticWeights.Create(shape, type);
        LlmEngine engine = EngineLoader.Load(
            name, progress => Task.Run(() => LlmEngine.LoadSynthetic(weights, options, progress, cancellation), cancellation), terminal);
        return (name, engine);
    }

    private static void Measure(
        LlmEngine engine, string name, BenchPlan plan, bool asJson, Terminal terminal, CancellationToken cancellation)
    {
        var run = new BenchRun(engine, plan, what => terminal.Error.WriteLine(what), cancellation);
        var report = new BenchReport(ProgramVersion.Text, engine.Device.Name, engine.Device.Driver, name, run.Execute());
        if (asJson) terminal.Output.WriteLine(JsonSerializer.Serialize(report, BenchJson.Default.BenchReport));
        else Write(terminal.Console, report);
    }

    private static void Write(IAnsiConsole console, BenchReport report)
    {
        console.Write(new Text($"EngineLlm {report.Version}, {report.Model}, on {report.Device} ({report.Driver})\n"));
        Table table = Tables.Create("test", "batch", "context", "tokens", "tokens/s", "ms a step, or to the first token");
        foreach (BenchRow row in report.Rows)
        {
            table.AddText(
                row.Test, Text(row.Batch), Text(row.Context), Text(row.Tokens), Text(row.TokensPerSecond), Text(row.Milliseconds));
        }
        console.Write(table);
    }

    // An option that was left out has no numbers: null or none, depending on how the program was compiled.
    private static int[] Given(int[]? numbers, int[] fallback) => numbers is { Length: > 0 } ? numbers : fallback;

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
