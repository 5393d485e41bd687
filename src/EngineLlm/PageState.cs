namespace EngineLlm;

/// <summary>What a page of the key-value cache is used for.</summary>
public enum PageState : byte
{
    /// <summary>Nobody refers to it.</summary>
    Free,

    /// <summary>One sequence holds it.</summary>
    Used,

    /// <summary>Several sequences hold it: the same prompt, or the same beginning of one.</summary>
    Shared,

    /// <summary>No sequence holds it; it is kept in case a new one starts with the same tokens.</summary>
    Cached,
}
