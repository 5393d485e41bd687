using System;
using System.Collections.Generic;
using System.Threading;
using EngineLlm.Dialogue;
using EngineLlm.Models.Gguf;
using EngineLlm.Tokenization;

namespace EngineLlm.Cli.Verification;

/// <summary>What `verify` was asked for.</summary>
internal sealed record VerificationRequest(
    string Model, string? Logits, string? Tokens, string? Templates, string? Device, int? Context, string? PreTokenizer,
    Tolerance Tolerance);

/// <summary>One run of `verify`. Tokenizer and template need only the file; a device is opened for logits alone.</summary>
internal sealed class VerificationRun
{
    /// <summary>The day on which the references were rendered, for templates that write the date.</summary>
    private static readonly DateTime s_referenceDay = new(2026, 1, 2);

    private readonly VerificationRequest _request;
    private readonly Terminal _terminal;
    private readonly List<Difference> _differences = [];

    internal VerificationRun(VerificationRequest request, Terminal terminal)
    {
        if (request.Logits is null && request.Tokens is null && request.Templates is null)
        {
            throw new InputException("Nothing to compare with; give at least one of --logits, --tokens and --templates.");
        }
        _request = request;
        _terminal = terminal;
    }

    /// <summary>What the first few texts and conversations that differ gave.</summary>
    internal IReadOnlyList<Difference> Differences => _differences;

    /// <summary>Compares.</summary>
    internal VerificationReport Execute(CancellationToken cancellation)
    {
        // What is missing should be said before a model is loaded for it.
        if (_request.Logits is { } path) InputFiles.Open(path).Dispose();
        VerificationReport report = CompareWithFile();
        if (_request.Logits is { } logits) report = CompareLogits(report, logits, cancellation);
        return report with { WithinTolerance = _request.Tolerance.Accepts(report) };
    }

    private VerificationReport CompareWithFile()
    {
        using GgufFile file = GgufFile.Open(_request.Model);
        var report = new VerificationReport { Model = file.FileName };
        if (_request.Tokens is null && _request.Templates is null) return report;
        Tokenizer tokenizer = Tokenizer.Create(file, _request.PreTokenizer);
        if (_request.Tokens is { } tokens) report = CompareTokens(report, tokens, tokenizer);
        if (_request.Templates is { } templates) report = CompareTemplates(report, templates, tokenizer);
        return report;
    }

    private VerificationReport CompareTokens(VerificationReport report, string path, Tokenizer tokenizer)
    {
        var verification = new TokenVerification(
            (text, parseSpecial) => tokenizer.Encode(text, parseSpecial, tokenizer.AddsBos),
            ids => tokenizer.Decode(ids, writeSpecial: true));
        verification.Run(path);
        _differences.AddRange(verification.Differences.Items);
        return report with
        {
            TokenLines = verification.Lines,
            TokenMismatches = verification.Mismatches,
            DecodedMismatches = verification.DecodedMismatches,
        };
    }

    private VerificationReport CompareTemplates(VerificationReport report, string path, Tokenizer tokenizer)
    {
        ChatTemplate template = ChatTemplate.FromModel(tokenizer, enableThinking: null, s_referenceDay);
        var verification = new TemplateVerification(tokenizer.TemplateSource, (messages, addGenerationPrompt) =>
        {
            var conversation = new List<ChatMessage>();
            foreach (TemplateMessage message in messages) conversation.Add(new ChatMessage(message.Role!, message.Content!));
            return template.Render(conversation, addGenerationPrompt);
        });
        verification.Run(path);
        _differences.AddRange(verification.Differences.Items);
        return report with
        {
            TemplateCases = verification.Cases,
            TemplatesFailed = verification.Failed,
            TemplatesSkipped = verification.Skipped,
        };
    }

    private VerificationReport CompareLogits(VerificationReport report, string path, CancellationToken cancellation)
    {
        var options = new EngineOptions
        {
            Device = _request.Device, ContextLength = _request.Context, PreTokenizer = _request.PreTokenizer,
        };
        using LlmEngine engine = EngineLoader.Load(_request.Model, options, _terminal, cancellation);
        var verification = new LogitsVerification(new EngineReferenceModel(engine));
        var progress = new ProgressLine(_terminal);
        try
        {
            verification.Run(path, progress.Show, cancellation);
        }
        finally
        {
            progress.Clear();
        }
        bool hasGreedy = verification.Greedy.Texts > 0;
        return report with
        {
            Device = engine.Device.Name,
            Positions = verification.Logits.Positions,
            MeanKl = verification.Logits.MeanKl,
            SameTop = verification.Logits.SameTop,
            GreedyMatch = hasGreedy ? verification.Greedy.MeanMatch : null,
            GreedyLength = hasGreedy ? verification.Greedy.MeanLength : null,
        };
    }
}
