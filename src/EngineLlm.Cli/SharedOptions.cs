using System.CommandLine;

namespace EngineLlm.Cli;

/// <summary>Options that several commands have, so that they read alike.</summary>
internal static class SharedOptions
{
    internal static Option<bool> Json() => new("--json") { Description = "Print JSON instead of a table." };

    internal static Option<string?> Model() => new("--model", "-m")
    {
        Description = "The model, a .gguf file.",
        HelpName = "file",
    };

    internal static Option<string?> Device() => new("--device", "-d")
    {
        Description = "The Vulkan device: its number or part of its name, as 'enginellm devices' lists them.",
        HelpName = "device",
    };
}
