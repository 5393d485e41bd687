using System.Collections.Generic;
using System.Threading;
using EngineLlm.Models.Gguf;
using EngineLlm.Tokenization;

namespace EngineLlm.Cli.Verification;

/// <summary>What `verify` was asked for.</summary>
internal sealed record VerificationRequest(string Model, string? Logits, string? Tokens, string? Templates, string? Device, Tolerance Tolerance);

/// <summary>One run of `verify`. Tokenizer and template need only the file; a device is opened for logits alone.</summary>
internal sealed class VerificationRun
{
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
        var report = new VerificationReport();
        using (GgufFile file = GgufFile.Open(_request.Model))
        {
            report = report with { Model = file.FileName };
            if (_request.Tokens is { } tokens) report = CompareTokens(report, tokens, Tokenizer.Create(file));
        }
        return report with { WithinTolerance = _request.Tolerance.Accepts(report) };
    }

    private VerificationReport CompareTokens(VerificationReport report, string path, Tokenizer tokenizer)
    {
        var verification = new TokenVerification(
            (text, parseSpecial) => tokenizer.Encode(text, parseSpecial, tokenizer.AddsBos),
            ids => tokenizer.Decode(ids, writeSpecial: true));
        verification.Run(path);
        _differences.AddRange(verification.Differences.Items);
        return report with { TokenLines = verification.Lines, TokenMismatches = verification.Mismatches, DecodedMismatches = verification.DecodedMismatches };
    }
}
