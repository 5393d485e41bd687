using Spectre.Console;
using System.CommandLine;
using System.Threading;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm inspect FILE`.</summary>
internal static class InspectCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var file = new Argument<string>("file") { Description = "The .gguf file." };
        var json = new Option<bool>("--json") { Description = "JSON instead of a table." };
        var command = new Command("inspect", "Say what is in a GGUF file.") { file, json };
        command.SetAction(parsed => {
            using var f = GgufFile.Open(parsed.GetRequiredValue(file));
            var t = new Spectre.Console.Table(); t.AddColumn("a"); t.AddRow(f.Tensors.Count.ToString());
            terminal.Console.Write(t);
            return 0; });
        return command;
    }
}
