using System.CommandLine;
using System.Text.Json;
using System.Threading;
using EngineLlm.Cli.Verification;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm verify`: this machine's results against reference files.</summary>
internal static class VerifyCommand
{
    private const string Description =
        "Compare this machine's results with reference files. Exit code 1 where they are outside the tolerance: mean KL at most 0.0005, the same top token "
        + "on at least 99 % of the positions, no text with other token ids, no conversation with another prompt.";

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<string?> model = SharedOptions.Model();
        model.Required = true;
        Option<string?> logits = FileOption("--logits", "Logits and greedy continuations: a JSON object a line with tokens, top, greedy.");
        Option<string?> tokens = FileOption("--tokens", "Texts and their token ids: a JSON object a line with text, parse_special, ids, decoded.");
        Option<string?> templates = FileOption("--templates", "Conversations and their prompts: a JSON object of templates; those of other models are passed over.");
        Option<string?> device = SharedOptions.Device();
        Option<double> maxKl = NumberOption("--max-kl", "The largest mean KL, in nats.", Tolerance.Default.MeanKl);
        Option<double> minSameTop = NumberOption("--min-same-top", "The smallest share of positions with the same top token.", Tolerance.Default.SameTop);
        Option<bool> json = SharedOptions.Json();
        var command = new Command("verify", Description) { model, logits, tokens, templates, device, maxKl, minSameTop, json };
        command.SetAction(parsed =>
        {
            var request = new VerificationRequest(
                parsed.GetRequiredValue(model)!, parsed.GetValue(logits), parsed.GetValue(tokens), parsed.GetValue(templates), parsed.GetValue(device),
                new Tolerance(parsed.GetValue(maxKl), parsed.GetValue(minSameTop)));
            var run = new VerificationRun(request, terminal);
            VerificationReport report = run.Execute(cancellation);
            if (parsed.GetValue(json)) terminal.Output.WriteLine(JsonSerializer.Serialize(report, VerificationJson.Default.VerificationReport));
            else VerificationTable.Write(terminal.Console, report, request.Tolerance, run.Differences);
            return report.WithinTolerance ? ExitCodes.Success : ExitCodes.OutsideTolerance;
        });
        return command;
    }

    private static Option<string?> FileOption(string name, string description) => new(name) { Description = description, HelpName = "file" };

    private static Option<double> NumberOption(string name, string description, double fallback) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => fallback,
        HelpName = "number",
    };
}
