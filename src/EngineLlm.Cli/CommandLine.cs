using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Threading;
using EngineLlm.Cli.Benching;
using EngineLlm.Cli.Commands;

namespace EngineLlm.Cli;

/// <summary>The whole program: arguments in, exit code out. Every error that a user can cause is one line on the error stream.</summary>
internal static class CommandLine
{
    private static readonly Option<bool> s_verbose = new("--verbose")
    {
        Description = "Print the whole stack trace of an error.",
        Recursive = true,
    };

    /// <summary>Runs one command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static int Run(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation)
    {
        Command root = CreateRoot(terminal, cancellation);
        if (arguments.Count == 0) arguments = ["--help"];
        ParseResult parsed = CommandLineParser.Parse(root, arguments);
        bool verbose = parsed.GetValue(s_verbose);
        try
        {
            if (parsed.Errors.Count > 0 && !AsksForHelp(parsed)) throw ArgumentError(parsed);
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Output,
                Error = terminal.Error,
            });
        }
        catch (Exception error)
        {
            return Report(error, verbose, terminal, cancellation);
        }
    }

    private static Command CreateRoot(Terminal terminal, CancellationToken cancellation)
    {
        // A plain command rather than RootCommand: that one takes its name from the process, and this program is started through a
        // launcher.
        var root = new Command("enginellm", "Game characters that talk: a language model on Vulkan, inside the game's frame.")
        {
            new HelpOption(),
            VersionOption(terminal),
            s_verbose,
        };
        foreach (Command command in CommandList.Create(terminal, cancellation)) root.Add(command);
        return root;
    }

    private static Option<bool> VersionOption(Terminal terminal) => new("--version")
    {
        Description = "Show the version.",
        Action = new PrintAction(terminal.Output, ProgramVersion.Text),
    };

    private static bool AsksForHelp(ParseResult parsed) => parsed.Action is HelpAction or PrintAction;

    private static InputException ArgumentError(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = command.Name == "enginellm" ? "enginellm" : $"enginellm {command.Name}";
        // A word that is no command also counts as a missing command; the word says more.
        string what = parsed.UnmatchedTokens is [string unknown, ..]
            ? $"'{unknown}' means nothing here"
            : parsed.Errors[0].Message.TrimEnd('.');
        return new InputException($"{what}; see '{path} --help'");
    }

    private static int Report(Exception error, bool verbose, Terminal terminal, CancellationToken cancellation)
    {
        if (error is OperationCanceledException && cancellation.IsCancellationRequested) return ExitCodes.Interrupted;
        bool expected = error is EngineLlmException;
        string message = expected
            ? error.Message
            : $"unexpected error, {error.GetType().Name}: {error.Message} (run again with --verbose for the stack trace)";
        terminal.Error.WriteLine($"enginellm: {OneLine(message)}");
        if (verbose) terminal.Error.WriteLine(error.ToString());
        if (error is WrongResultException) return ExitCodes.OutsideTolerance;
        return expected ? ExitCodes.BadInput : ExitCodes.InternalError;
    }

    private static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
