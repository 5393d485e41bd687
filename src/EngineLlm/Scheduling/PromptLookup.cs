using System;

namespace EngineLlm.Scheduling;

/// <summary>
/// Guesses how a text goes on: as it went on when it last came by the same few tokens. Characters say much that stands in their prompt already.
/// Speculation without a second model (Saxena, Prompt Lookup Decoding, 2023).
/// </summary>
internal static class PromptLookup
{
    // Three tokens that agree say more than two. One agrees by chance: its guesses cost more than they bring.
    private const int LongestMatch = 3, ShortestMatch = 2;

    /// <summary>Writes what may come next.</summary>
    /// <param name="tokens">The text so far.</param>
    /// <param name="drafts">[most tokens to guess] receives them.</param>
    /// <returns>How many were written: all or none.</returns>
    internal static int Propose(ReadOnlySpan<int> tokens, Span<int> drafts)
    {
        for (int length = Math.Min(LongestMatch, tokens.Length - 1); length >= ShortestMatch; length--)
        {
            int match = tokens.Slice(0, tokens.Length - 1).LastIndexOf(tokens.Slice(tokens.Length - length));
            if (match < 0) continue;
            Continue(tokens.Slice(match + length), drafts);
            return drafts.Length;
        }
        return 0;
    }

    // A match that reaches into the end of the text goes round: after "one two one two" come "one two" again.
    private static void Continue(ReadOnlySpan<int> followers, Span<int> drafts)
    {
        for (int i = 0; i < drafts.Length; i++) drafts[i] = followers[i % followers.Length];
    }
}
