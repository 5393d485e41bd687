using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using EngineLlm.Cli.Inspecting;
using EngineLlm.Models.Gguf;
using Spectre.Console;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm inspect FILE`: what is in a GGUF, and whether it runs here.</summary>
internal static class InspectCommand
{
    internal static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "The .gguf file." };
        var metadata = new Option<bool>("--metadata") { Description = "List the metadata too." };
        var tensors = new Option<bool>("--tensors") { Description = "List the tensors too." };
        Option<string?> preTokenizer = SharedOptions.PreTokenizer();
        Option<bool> json = SharedOptions.Json();
        var command = new Command("inspect", "Say what is in a GGUF file, and whether EngineLlm can run it.")
        {
            file, metadata, tensors, preTokenizer, json,
        };
        command.SetAction(parsed =>
        {
            using GgufFile model = GgufFile.Open(parsed.GetRequiredValue(file));
            ModelReport report = ModelInspector.Inspect(
                model, parsed.GetValue(metadata), parsed.GetValue(tensors), parsed.GetValue(preTokenizer));
            if (parsed.GetValue(json)) terminal.Output.WriteLine(JsonSerializer.Serialize(report, InspectJson.Default.ModelReport));
            else Write(terminal.Console, report);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, ModelReport report)
    {
        console.Write(SummaryOf(report));
        if (report.Metadata is { } metadata)
        {
            Table table = Tables.Create("key", "kind", "value");
            foreach (MetadataEntry entry in metadata) table.AddText(entry.Key, entry.Kind, entry.Value);
            console.Write(table);
        }
        if (report.Tensors is { } tensors)
        {
            Table table = Tables.Create("tensor", "type", "shape", "size");
            foreach (TensorEntry tensor in tensors)
                table.AddText(tensor.Name, tensor.Type, string.Join(" x ", tensor.Shape), ByteSize.Text(tensor.Bytes));
            console.Write(table);
        }
    }

    private static Table SummaryOf(ModelReport report)
    {
        Table table = Tables.CreateSummary();
        table.AddText("file", $"{report.File}, GGUF version {report.GgufVersion}, {ByteSize.Text(report.Bytes)}");
        table.AddText("model", $"{report.Name ?? "unnamed"}, architecture {report.Architecture ?? "not given"}");
        table.AddText("weights", $"{Count(report.Parameters)} in {report.TensorCount} tensors");
        table.AddText(
            "types",
            string.Join(", ", report.TensorTypes.Select(share => $"{share.Type} ({share.Count} tensors, {ByteSize.Text(share.Bytes)})")));
        if (report.Shape is { } shape)
        {
            table.AddText("layers", $"{shape.Layers}, {shape.EmbeddingSize} wide, feed-forward {shape.FeedForwardSize}");
            table.AddText("attention", $"{shape.Heads} heads of {shape.HeadSize}, {shape.KeyValueHeads} for keys and values");
            table.AddText("context", $"{shape.ContextLength} tokens");
            table.AddText("output", shape.TiedEmbeddings ? "the embedding again" : "a matrix of its own");
        }
        if (report.VocabularySize is { } size)
            table.AddText("vocabulary", $"{size} tokens{(report.Tokenizer is null ? "" : $", {report.Tokenizer}")}");
        table.AddText("chat template", TemplateText(report));
        table.AddText("runs on EngineLlm", report.Problem is null ? "yes" : $"no: {report.Problem}");
        return table;
    }

    private static string TemplateText(ModelReport report)
    {
        if (!report.HasChatTemplate) return "no; plain lines are used";
        return report.ChatTemplateProblem is null ? "yes" : $"yes, but it cannot be used: {report.ChatTemplateProblem}";
    }

    private static string Count(long weights) => weights switch
    {
        >= 1_000_000_000 => (weights / 1e9).ToString("0.0#", CultureInfo.InvariantCulture) + " billion",
        >= 1_000_000 => (weights / 1e6).ToString("0.#", CultureInfo.InvariantCulture) + " million",
        _ => weights.ToString(CultureInfo.InvariantCulture),
    };
}
