using System.CommandLine;
using System.Text.Json;
using System.Threading;
using EngineLlm.Cli.Verification;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm verify`: this machine's results against reference files.</summary>
internal static class VerifyCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var model = new Option<string>("--model", "-m") { Description = "The model, a .gguf file.", HelpName = "file", Required = true };
        Option<string?> logits = FileOption("--logits", "Logits and greedy continuations: a JSON object a line with tokens, top, greedy.");
        Option<string?> tokens = FileOption(
            "--tokens",
            "Texts and their token ids: a JSON object a line with text, parse_special, ids, decoded. No text may have other ids.");
        Option<string?> templates = FileOption(
            "--templates",
            "Templates, conversations and their prompts, one JSON object. No prompt may differ; other models' templates are passed over.");
        Option<string?> device = SharedOptions.Device();
        Option<double> maxKl = NumberOptions.Required(
            "--max-kl", "nats", "The largest mean KL of the logits.", 0, 1e9, Tolerance.Default.MeanKl);
        Option<double> minSameTop = NumberOptions.Required(
            "--min-same-top", "share", "The smallest share of positions with the same top token.", 0, 1, Tolerance.Default.SameTop);
        Option<int?> context = SharedOptions.Context();
        Option<string?> preTokenizer = SharedOptions.PreTokenizer();
        Option<bool> json = SharedOptions.Json();
        var command = new Command(
            "verify", "Compare this machine's results with reference files. Exit code 1 where they are outside the tolerance.")
        {
            model, logits, tokens, templates, device, context, maxKl, minSameTop, preTokenizer, json,
        };
        command.SetAction(parsed =>
        {
            var request = new VerificationRequest(
                parsed.GetRequiredValue(model),
                parsed.GetValue(logits),
                parsed.GetValue(tokens),
                parsed.GetValue(templates),
                parsed.GetValue(device),
                parsed.GetValue(context),
                parsed.GetValue(preTokenizer),
                new Tolerance(parsed.GetValue(maxKl), parsed.GetValue(minSameTop)));
            var run = new VerificationRun(request, terminal);
            VerificationReport report = run.Execute(cancellation);
            if (parsed.GetValue(json))
                terminal.Output.WriteLine(JsonSerializer.Serialize(report, VerificationJson.Default.VerificationReport));
            else VerificationTable.Write(terminal.Console, report, request.Tolerance, run.Differences);
            return report.WithinTolerance ? ExitCodes.Success : ExitCodes.OutsideTolerance;
        });
        return command;
    }

    private static Option<string?> FileOption(string name, string description) =>
        new(name) { Description = description, HelpName = "file" };
}
