using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using EngineLlm.Cli.Inspecting;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using Spectre.Console;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm inspect FILE`: what is in a GGUF, and whether it runs here.</summary>
internal static class InspectCommand
{
    internal static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "The .gguf file; of a split model any part." };
        var metadata = new Option<bool>("--metadata") { Description = "List the metadata too." };
        var tensors = new Option<bool>("--tensors") { Description = "List the tensors too." };
        Option<int> conversations = NumberOptions.Required(
            "--conversations", "count", "Conversations whose memory is counted.", 1, 256, new InspectRequest().Conversations);
        Option<int?> context = SharedOptions.Context();
        Option<string?> device = SharedOptions.Device();
        Option<string?> preTokenizer = SharedOptions.PreTokenizer();
        Option<bool> json = SharedOptions.Json();
        var command = new Command("inspect", "Say what is in a GGUF file, whether it runs here, and how much memory it takes.")
        {
            file, conversations, context, device, metadata, tensors, preTokenizer, json,
        };
        command.SetAction(parsed =>
        {
            using GgufFile model = GgufFile.Open(parsed.GetRequiredValue(file));
            (DeviceCapacity? capacity, string? deviceProblem) = DeviceSearch.Find(parsed.GetValue(device));
            ModelReport report = ModelInspector.Inspect(model, new InspectRequest
            {
                WithMetadata = parsed.GetValue(metadata),
                WithTensors = parsed.GetValue(tensors),
                Conversations = parsed.GetValue(conversations),
                ContextLength = parsed.GetValue(context),
                PreTokenizer = parsed.GetValue(preTokenizer),
                Device = capacity,
                DeviceProblem = deviceProblem,
            });
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
        string parts = report.Parts == 1 ? "" : $", with the other parts {report.Parts} files";
        table.AddText("file", $"{report.File}{parts}, GGUF version {report.GgufVersion}, {ByteSize.Text(report.Bytes)}");
        table.AddText("kind", $"{report.Kind}, {report.Name ?? "unnamed"}, architecture {report.Architecture ?? "not given"}");
        if (report.TensorCount > 0)
        {
            table.AddText("weights", $"{Count(report.Parameters)} in {report.TensorCount} tensors");
            table.AddText("types", string.Join(", ", report.TensorTypes.Select(TypeText)));
        }
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
        if (report.Memory is { } memory) AddMemory(table, memory);
        table.AddText("device", report.Device ?? "none; memory is that of a GPU");
        table.AddText("runs here", report.Runs ? "yes" : "no");
        foreach (ModelProblem problem in report.Problems) table.AddText($"  {problem.Part}", problem.Text);
        return table;
    }

    private static void AddMemory(Table table, MemoryReport memory)
    {
        string whose = memory.Conversations == 1 ? "one conversation" : $"{memory.Conversations} conversations";
        string room = memory.DeviceBytes is { } bytes ? $" of the device's {ByteSize.Text(bytes)}" : "";
        table.AddText("memory", $"{ByteSize.Text(memory.TotalBytes)} for {whose} of {memory.ContextLength} tokens");
        table.AddText("  weights", ByteSize.Text(memory.WeightBytes));
        ulong each = memory.PageBytes / (ulong)memory.Conversations;
        table.AddText("  pages", $"{ByteSize.Text(memory.PageBytes)}, {ByteSize.Text(each)} a conversation");
        table.AddText("  work", ByteSize.Text(memory.WorkBytes));
        table.AddText("  in blocks", $"{ByteSize.Text(memory.AllocatedBytes)}{room}");
        if (memory.HostBytes > 0) table.AddText("  on the host", ByteSize.Text(memory.HostBytes));
    }

    private static string TypeText(TypeShare share) => $"{share.Type} ({share.Count} tensors, {ByteSize.Text(share.Bytes)})";

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
