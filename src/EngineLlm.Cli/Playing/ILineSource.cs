namespace EngineLlm.Cli.Playing;

/// <summary>The player's lines. Never blocks.</summary>
internal interface ILineSource
{
    /// <summary>Takes the next whole line, if there is one.</summary>
    bool TryTake(out string line);

    /// <summary>Whether no line will ever come again.</summary>
    bool IsAtEnd { get; }
}
