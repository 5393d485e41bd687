using System.CommandLine;
using System.CommandLine.Invocation;
using System.IO;

namespace EngineLlm.Cli;

/// <summary>What an option such as --version does: prints a text and ends the program.</summary>
internal sealed class PrintAction : SynchronousCommandLineAction
{
    private readonly TextWriter _output;
    private readonly string _text;

    internal PrintAction(TextWriter output, string text)
    {
        _output = output;
        _text = text;
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _output.WriteLine(_text);
        return ExitCodes.Success;
    }
}
