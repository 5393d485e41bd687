using System.Collections.Generic;
using System.CommandLine;
using System.Threading;

namespace EngineLlm.Cli.Commands;

/// <summary>The commands, in the order in which --help lists them.</summary>
internal static class CommandList
{
    internal static IEnumerable<Command> Create(Terminal terminal, CancellationToken cancellation)
    {
        yield return PlayCommand.Create(terminal, cancellation);
        yield return ChatCommand.Create(terminal, cancellation);
        yield return BenchCommand.Create(terminal, cancellation);
        yield return EvalNpcCommand.Create(terminal, cancellation);
        yield return DevicesCommand.Create(terminal);
        yield return InspectCommand.Create(terminal);
        yield return VerifyCommand.Create(terminal, cancellation);
    }
}
