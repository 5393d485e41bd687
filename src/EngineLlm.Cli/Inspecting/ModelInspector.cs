using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Tokenization;
using EngineLlm.Tokenization.Templates;

namespace EngineLlm.Cli.Inspecting;

/// <summary>Reads what a GGUF holds, whether or not EngineLlm can run it.</summary>
internal static class ModelInspector
{
    private const int ShownValueLength = 120;
    private const int ShownElements = 8;

    /// <summary>Inspects an open file.</summary>
    /// <param name="file">The file, all parts of it.</param>
    /// <param name="request">What is asked.</param>
    internal static ModelReport Inspect(GgufFile file, InspectRequest request)
    {
        var problems = new List<ModelProblem>();
        void Add(string part, string text) => problems.Add(new ModelProblem(part, text));
        T? Read<T>(string part, Func<T?> read) where T : class
        {
            (T? value, string? problem) = TryRead(read);
            if (problem is not null) Add(part, problem);
            return value;
        }

        string kind = FileKind.Of(file);
        bool isModel = kind == FileKind.Model;
        if (!isModel) Add("kind", $"{file.FileName}: this is a {kind}, which does not run by itself; name a model's file.");
        List<GgufTensor> unsupported = file.Tensors.Where(tensor => !tensor.Type.IsSupported()).ToList();
        if (unsupported.Count > 0) Add("weights", WeightProblem(file, unsupported));
        bool hasVocabulary = isModel || file.Metadata.Has("tokenizer.ggml.model");
        ModelDescription? description = isModel ? Read("architecture", () => ModelDescription.Read(file)) : null;
        // Where the description stumbles over a weight type too, that has been said already.
        problems.RemoveAll(p => p.Part == "architecture" && unsupported.Exists(t => p.Text.Contains($"tensor {t.Name} is of the type")));
        Tokenizer? tokenizer = hasVocabulary ? Read("vocabulary", () => Tokenizer.Create(file, request.PreTokenizer)) : null;
        MemoryReport? memory = description is null ? null : Read("memory", () => MemoryInspector.Count(file, description, request));
        if (memory is not null && MemoryInspector.ProblemOf(memory, request) is { } tooLarge) Add("memory", tooLarge);
        if (request.DeviceProblem is { } noDevice) Add("device", noDevice);
        string? templateProblem = file.Metadata.TryGet("tokenizer.chat_template", out GgufValue template)
            ? TemplateProblem(file, template)
            : null;
        return new ModelReport
        {
            File = file.FileName,
            Kind = kind,
            Parts = file.PartCount,
            Bytes = file.TotalLength,
            GgufVersion = file.Version,
            Architecture = Text(file, "general.architecture"),
            Name = Text(file, "general.name"),
            Parameters = file.Tensors.Sum(tensor => tensor.ElementCount),
            TensorCount = file.Tensors.Count,
            TensorTypes = SharesOf(file.Tensors),
            Shape = description is null ? null : ShapeOf(description),
            Tokenizer = tokenizer?.Kind,
            VocabularySize = tokenizer?.VocabularySize ?? description?.VocabularySize,
            HasChatTemplate = file.Metadata.Has("tokenizer.chat_template"),
            ChatTemplateProblem = templateProblem,
            Runs = problems.Count == 0,
            Problems = problems,
            Device = request.Device?.Name,
            Memory = memory,
            Metadata = request.WithMetadata ? file.Metadata.Values.Select(pair => EntryOf(pair.Key, pair.Value)).ToList() : null,
            Tensors = request.WithTensors ? file.Tensors.Select(EntryOf).ToList() : null,
        };
    }

    private static string WeightProblem(GgufFile file, IEnumerable<GgufTensor> unsupported)
    {
        int all = file.Tensors.Count;
        string list = string.Join(", ", SharesOf(unsupported).Select(share => $"{share.Count} of {all} tensors are {share.Type}"));
        return $"{file.FileName}: {list}, which is not supported; choose a file in {TensorTypes.SupportedNames}.";
    }

    private static (T? Value, string? Problem) TryRead<T>(Func<T?> read) where T : class
    {
        try
        {
            return (read(), null);
        }
        catch (EngineLlmException error)
        {
            return (null, error.Message);
        }
    }

    private static string? TemplateProblem(GgufFile file, GgufValue template) =>
        template.TryGetString(out string source)
            ? TryRead(() => JinjaTemplate.Parse(source, file.FileName)).Problem
            : $"{file.FileName}: the chat template is no text.";

    private static string? Text(GgufFile file, string key) =>
        file.Metadata.TryGet(key, out GgufValue value) && value.TryGetString(out string text) ? Visible(text) : null;

    private static List<TypeShare> SharesOf(IEnumerable<GgufTensor> tensors) => tensors
        .GroupBy(tensor => tensor.Type)
        .Select(group => new TypeShare(group.Key.ToString(), group.Count(), group.Sum(tensor => tensor.ByteSize)))
        .OrderByDescending(share => share.Bytes)
        .ToList();

    private static ModelShape ShapeOf(ModelDescription model) => new(
        model.LayerCount, model.EmbeddingSize, model.FeedForwardSize, model.HeadCount, model.KeyValueHeadCount, model.HeadSize,
        model.ContextLength, model.TiedEmbeddings);

    private static TensorEntry EntryOf(GgufTensor tensor) =>
        new(Visible(tensor.Name), tensor.Type.ToString(), tensor.Dimensions, tensor.ByteSize);

    private static MetadataEntry EntryOf(string key, GgufValue value)
    {
        string kind = value.Kind == GgufKind.Array ? $"{value.ElementKind}[{value.Count}]" : value.Kind.ToString();
        return new MetadataEntry(Visible(key), kind, Visible(ValueText(value)));
    }

    private static string ValueText(GgufValue value)
    {
        if (value.TryGetString(out string text)) return text;
        if (value.TryGetBool(out bool flag)) return flag ? "true" : "false";
        if (value.TryGetInteger(out long integer)) return integer.ToString(CultureInfo.InvariantCulture);
        if (value.TryGetNumber(out double number)) return number.ToString("G9", CultureInfo.InvariantCulture);
        if (value.IsStringArray) return StringsText(value);
        return value.TryGetSingleArray(out float[] numbers)
            ? Listing(numbers.Take(ShownElements).Select(n => n.ToString("G9", CultureInfo.InvariantCulture)), value.Count)
            : "";
    }

    private static string StringsText(GgufValue value)
    {
        var shown = new List<string>();
        foreach (ReadOnlySpan<byte> element in value.Strings)
        {
            if (shown.Count == ShownElements) break;
            shown.Add(Encoding.UTF8.GetString(element));
        }
        return Listing(shown, value.Count);
    }

    private static string Listing(IEnumerable<string> shown, int count) =>
        string.Join(", ", shown) + (count > ShownElements ? ", …" : "");

    /// <summary>One line without control characters, cut where it is long: the file may hold anything.</summary>
    private static string Visible(string text)
    {
        string cut = text.Length > ShownValueLength ? text[..ShownValueLength] + "…" : text;
        return string.Concat(cut.Select(c => c == '\n' ? "\\n" : char.IsControl(c) ? "?" : c.ToString()));
    }
}
