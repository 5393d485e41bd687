using EngineLlm.Models;

namespace EngineLlm.Cli.Inspecting;

/// <summary>What is asked about a file.</summary>
internal sealed record InspectRequest
{
    /// <summary>Whether to list the key-value pairs.</summary>
    internal bool WithMetadata { get; init; }

    /// <summary>Whether to list the tensors.</summary>
    internal bool WithTensors { get; init; }

    /// <summary>Conversations that are held in memory at once.</summary>
    internal int Conversations { get; init; } = 4;

    /// <summary>Tokens that each of them may have; null for what an engine takes by default.</summary>
    internal int? ContextLength { get; init; }

    /// <summary>The pre-tokenizer to take instead of the file's; null for that one.</summary>
    internal string? PreTokenizer { get; init; }

    /// <summary>Where the model would run; null where no device here can run it.</summary>
    internal DeviceCapacity? Device { get; init; }

    /// <summary>Why no device here can run it.</summary>
    internal string? DeviceProblem { get; init; }
}
