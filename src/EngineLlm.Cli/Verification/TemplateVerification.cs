using System;
using System.Collections.Generic;
using System.Text.Json;

namespace EngineLlm.Cli.Verification;

/// <summary>
/// Compares a model's chat template with a file that holds, for the templates of many models, conversations and the exact prompt each must
/// give. Only the entries whose template is the model's own are compared.
/// </summary>
internal sealed class TemplateVerification
{
    private const int MaxFileBytes = 64 << 20;
    private readonly string? _template;
    private readonly Func<IReadOnlyList<TemplateMessage>, bool, string> _format;

    /// <param name="template">The model's own template; null where it has none.</param>
    /// <param name="format">A conversation and whether the answer's opening is wanted, to the prompt; throws where the template raises an
    /// error.</param>
    internal TemplateVerification(string? template, Func<IReadOnlyList<TemplateMessage>, bool, string> format)
    {
        _template = template;
        _format = format;
    }

    /// <summary>Conversations compared.</summary>
    internal int Cases { get; private set; }

    /// <summary>Conversations whose prompt differs.</summary>
    internal int Failed { get; private set; }

    /// <summary>Entries that belong to other templates.</summary>
    internal int Skipped { get; private set; }

    /// <summary>What the first few differing conversations gave.</summary>
    internal DifferenceList Differences { get; } = new();

    /// <summary>Runs the whole file.</summary>
    /// <exception cref="InputException">The file is malformed, or no entry is of this model's template.</exception>
    internal void Run(string path)
    {
        foreach ((string name, TemplateEntry? entry) in Read(path))
        {
            if (entry?.Template is null || entry.Cases is null)
                throw new InputException($"{path}: the entry '{name}' has no 'template' or no 'cases'.");
            if (entry.Template != _template) Skipped++;
            else foreach (TemplateCase test in entry.Cases) Compare($"{path}: {name}", test);
        }
        if (Cases > 0) return;
        string whose = _template is null ? "the model has no chat template" : $"none of its {Skipped} templates is the model's own";
        throw new InputException($"{path}: {whose}, so there is nothing to compare.");
    }

    private static Dictionary<string, TemplateEntry> Read(string path)
    {
        byte[] bytes = InputFiles.ReadAll(path, MaxFileBytes);
        try
        {
            return JsonSerializer.Deserialize(bytes, ReferenceJson.Default.DictionaryStringTemplateEntry) ?? throw new InputException(
                $"{path}: the file is null, not a JSON object.");
        }
        catch (JsonException error)
        {
            throw new InputException(
                $"{path}: line {error.LineNumber + 1}: not the expected JSON ({InputFiles.WhatJsonSays(error)}).", error);
        }
    }

    private void Compare(string place, TemplateCase? test)
    {
        if (test?.Messages is null || (test.Prompt is null && test.Error is null))
            throw new InputException($"{place}: a case has no 'messages', or neither 'prompt' nor 'error'.");
        if (Array.Exists(test.Messages, m => m?.Role is null || m.Content is null))
            throw new InputException($"{place}: a message has no 'role' or no 'content'.");
        Cases++;
        string actual = Format(test, out bool isError);
        // Where the template must raise an error, that error may be wrapped in words of our own.
        bool same = test.Prompt is { } prompt
            ? !isError && actual == prompt
            : isError && actual.Contains(test.Error!, StringComparison.Ordinal);
        if (same) return;
        Failed++;
        Differences.Add(
            $"{place}, {test.Case ?? "unnamed case"}", test.Prompt ?? $"error: {test.Error}", isError ? $"error: {actual}" : actual);
    }

    private string Format(TemplateCase test, out bool isError)
    {
        isError = false;
        try
        {
            return _format(test.Messages!, test.AddGenerationPrompt);
        }
        catch (EngineLlmException error)
        {
            isError = true;
            return error.Message;
        }
    }
}
