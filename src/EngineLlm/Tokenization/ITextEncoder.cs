using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization;

/// <summary>Turns text without special tokens into ids, and tells what bytes an id stands for.</summary>
internal interface ITextEncoder
{
    /// <summary>Appends the ids of a text that lies at the start of everything or after a special token, or goes on after text.</summary>
    void Encode(ReadOnlySpan<char> text, bool followsText, List<int> output);

    /// <summary>The bytes of an ordinary token.</summary>
    byte[] Bytes(string tokenText, TokenKind kind);
}
