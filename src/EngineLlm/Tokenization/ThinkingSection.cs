using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization;

/// <summary>How a model marks what it thinks before it answers.</summary>
internal sealed class ThinkingSection
{
    private static readonly (string Open, string Close)[] s_known =
    {
        ("<think>", "</think>"), ("[THINK]", "[/THINK]"), ("<seed:think>", "</seed:think>"), ("<thinking>", "</thinking>"),
        ("<|START_THINKING|>", "<|END_THINKING|>"),
    };

    /// <param name="open">The mark before the thoughts; its first character stands nowhere else in it.</param>
    /// <param name="close">The mark behind them, likewise.</param>
    /// <param name="isOpened">Whether the prompt ends within the section.</param>
    /// <param name="closingTokens">The ids that end a section from outside.</param>
    internal ThinkingSection(string open, string close, bool isOpened, int[] closingTokens)
    {
        Open = open;
        Close = close;
        IsOpened = isOpened;
        ClosingTokens = closingTokens;
    }

    /// <summary>The mark before the thoughts.</summary>
    internal string Open { get; }

    /// <summary>The mark behind the thoughts.</summary>
    internal string Close { get; }

    /// <summary>Whether the prompt ends within the section, so that an answer begins with thoughts.</summary>
    internal bool IsOpened { get; }

    /// <summary>What ends a section from outside: a line's end, the mark, and an empty line.</summary>
    internal string ClosingText => TextOf(Close);

    /// <summary>The ids of <see cref="ClosingText"/>.</summary>
    internal int[] ClosingTokens { get; }

    /// <summary>Finds the section of a model: its template speaks of the marks, or they are tokens of its own.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="lastWords">What the template writes between a question and the answer.</param>
    /// <returns>Null for models that do not think, as far as can be seen.</returns>
    internal static ThinkingSection? Find(Tokenizer tokenizer, string lastWords)
    {
        foreach ((string open, string close) in s_known)
        {
            bool isWritten = tokenizer.TemplateSource is { } source && source.Contains(close, StringComparison.Ordinal);
            bool isSpoken = tokenizer.TryGetToken(open, out _) && tokenizer.TryGetToken(close, out _);
            if (!isWritten && !isSpoken) continue;
            var closing = new List<int>();
            new TokenWriter(tokenizer, closing, followsText: true).AppendAll(TextOf(close));
            bool isOpened = lastWords.LastIndexOf(open, StringComparison.Ordinal) > lastWords.LastIndexOf(close, StringComparison.Ordinal);
            return new ThinkingSection(open, close, isOpened, closing.ToArray());
        }
        return null;
    }

    private static string TextOf(string close) => "\n" + close + "\n\n";
}
