using System;
using System.IO;
using System.Text;
using Spectre.Console;

namespace EngineLlm.Cli;

/// <summary>
/// Where a command reads and writes. Results go to <see cref="Output"/>, progress and errors to <see cref="Error"/>. In a pipe or a file
/// there are no escape sequences and no line breaks but the command's own.
/// </summary>
internal sealed class Terminal
{
    private const int PipeWidth = 240;

    internal Terminal(
        TextReader input, TextWriter output, TextWriter error, bool inputIsTerminal, bool outputIsTerminal, bool errorIsTerminal)
    {
        Input = input;
        Output = output;
        Error = error;
        InputIsTerminal = inputIsTerminal;
        OutputIsTerminal = outputIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
        Console = CreateConsole(output, outputIsTerminal);
        ErrorConsole = CreateConsole(error, errorIsTerminal);
    }

    internal TextReader Input { get; }

    internal TextWriter Output { get; }

    internal TextWriter Error { get; }

    internal bool InputIsTerminal { get; }

    internal bool OutputIsTerminal { get; }

    internal bool ErrorIsTerminal { get; }

    /// <summary>Whether a person types and reads here, so that a live display makes sense.</summary>
    internal bool IsInteractive => InputIsTerminal && OutputIsTerminal;

    /// <summary>Tables and markup on <see cref="Output"/>.</summary>
    internal IAnsiConsole Console { get; }

    /// <summary>Progress bars on <see cref="Error"/>.</summary>
    internal IAnsiConsole ErrorConsole { get; }

    /// <summary>The process's own streams, in UTF-8.</summary>
    internal static Terminal OfProcess()
    {
        if (!System.Console.IsOutputRedirected) System.Console.OutputEncoding = Encoding.UTF8;
        TextReader input = System.Console.IsInputRedirected
            ? new StreamReader(System.Console.OpenStandardInput(), new UTF8Encoding(false))
            : System.Console.In;
        return new Terminal(
            input,
            WriterOf(System.Console.OpenStandardOutput()),
            WriterOf(System.Console.OpenStandardError()),
            !System.Console.IsInputRedirected,
            !System.Console.IsOutputRedirected,
            !System.Console.IsErrorRedirected);
    }

    private static StreamWriter WriterOf(Stream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal) console.Profile.Width = PipeWidth;
        return console;
    }
}
