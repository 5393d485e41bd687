using System.Collections.Generic;
using System.IO;
using System.Threading;
using EngineLlm.Cli;

namespace EngineLlm.Tests.Cli;

/// <summary>One run of the command line program inside the test's process, through its real entry, with pipes for streams.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    internal static CommandRun Of(params string[] arguments) => WithInput("", arguments);

    internal static CommandRun WithInput(string input, IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(
            new StringReader(input), output, error, inputIsTerminal: false, outputIsTerminal: false, errorIsTerminal: false);
        int exitCode = CommandLine.Run(arguments, terminal, cancellation);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }
}
