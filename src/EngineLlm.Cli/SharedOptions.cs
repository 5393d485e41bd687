using System.CommandLine;

namespace EngineLlm.Cli;

/// <summary>Options that several commands have, so that they read alike.</summary>
internal static class SharedOptions
{
    internal static Option<bool> Json() => new("--json") { Description = "Print JSON instead of a table." };

    internal static Option<string?> Model() => new("--model", "-m")
    {
        Description = $"The model, a .gguf file. Default: what {ModelLocator.Variable} names, then the one that comes with EngineLlm.",
        HelpName = "file",
    };

    internal static Option<string?> Device() => new("--device", "-d")
    {
        Description = "The Vulkan device: its number or part of its name, as 'enginellm devices' lists them.",
        HelpName = "device",
    };

    internal static Option<string?> PreTokenizer() => new("--pre-tokenizer")
    {
        Description = "The pre-tokenizer of a byte-level BPE vocabulary, where the file names none or one that is not known.",
        HelpName = "name",
    };

    internal static Option<int?> Context() => NumberOptions.Optional(
        "--context", "tokens",
        "Tokens that a text may have. Default: what the model was trained for, but at most 4096; for the model that comes along 512.", 16, 1 << 20);

    internal static Option<int> MaxTokens(int fallback) =>
        NumberOptions.Required("--max-tokens", "tokens", "The longest answer, in tokens.", 1, 1 << 20, fallback);
}
