namespace EngineLlm.Tokenization;

/// <summary>What a token is: GGUF's own ids (tokenizer.ggml.token_type).</summary>
internal enum TokenKind : byte
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>Which special tokens are recognised in a text.</summary>
internal enum SpecialTokens
{
    /// <summary>None that a template or the end of an answer could depend on: for words that a player wrote.</summary>
    None,

    /// <summary>Those that the vocabulary's maker declared to be text (user-defined ones), as the reference does when it parses no special tokens.</summary>
    UserDefined,

    /// <summary>All: for text that a template wrote.</summary>
    All,
}
