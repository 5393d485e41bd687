namespace EngineLlm;

/// <summary>What an engine is doing and has done. A snapshot.</summary>
public readonly record struct EngineStatistics
{
    /// <summary>Pages in the pool.</summary>
    public int PageCount { get; init; }

    /// <summary>Pages that running sequences hold.</summary>
    public int PagesUsed { get; init; }

    /// <summary>Pages that are kept in case a new sequence starts with the same tokens; given up when pages run short.</summary>
    public int PagesCached { get; init; }

    /// <summary>Sequences that have pages and take part in steps.</summary>
    public int SequencesRunning { get; init; }

    /// <summary>Sequences that wait for room.</summary>
    public int SequencesWaiting { get; init; }

    /// <summary>Tokens generated so far.</summary>
    public long TokensGenerated { get; init; }

    /// <summary>Tokens of prompts computed so far; tokens found in shared pages are not among them.</summary>
    public long TokensPrefilled { get; init; }

    /// <summary>Tokens guessed ahead so far; see <see cref="EngineOptions.LookupTokens"/>.</summary>
    public long TokensDrafted { get; init; }

    /// <summary>Guesses that the model confirmed: each has saved a step.</summary>
    public long DraftsAccepted { get; init; }

    /// <summary>Steps completed so far.</summary>
    public long Steps { get; init; }

    /// <summary>Submits to the device so far.</summary>
    public long Segments { get; init; }

    /// <summary>How often a sequence lost its pages to another and was computed again.</summary>
    public long Preemptions { get; init; }

    /// <summary>Device time of the newest finished submit, in microseconds; 0 where the device keeps no time.</summary>
    public double SegmentMicroseconds { get; init; }

    /// <summary>Device memory taken, in bytes.</summary>
    public ulong DeviceBytes { get; init; }
}
