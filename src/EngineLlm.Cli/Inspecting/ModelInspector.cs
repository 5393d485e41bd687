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
    /// <param name="file">The file.</param>
    /// <param name="withMetadata">Whether to list the key-value pairs.</param>
    /// <param name="withTensors">Whether to list the tensors.</param>
    /// <param name="preTokenizer">The pre-tokenizer to take instead of the file's; null for that one.</param>
    internal static ModelReport Inspect(GgufFile file, bool withMetadata, bool withTensors, string? preTokenizer = null)
    {
        (ModelDescription? description, string? problem) = TryRead(() => ModelDescription.Read(file));
        (Tokenizer? tokenizer, string? tokenizerProblem) = TryRead(() => Tokenizer.Create(file, preTokenizer));
        string? templateProblem = file.Metadata.TryGet("tokenizer.chat_template", out GgufValue template)
            ? TemplateProblem(file, template)
            : null;
        return new ModelReport
        {
            File = file.FileName,
            Bytes = file.Length,
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
            Problem = problem ?? tokenizerProblem,
            Metadata = withMetadata ? file.Metadata.Values.Select(pair => EntryOf(pair.Key, pair.Value)).ToList() : null,
            Tensors = withTensors ? file.Tensors.Select(EntryOf).ToList() : null,
        };
    }

    private static (T? Value, string? Problem) TryRead<T>(Func<T> read) where T : class
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
