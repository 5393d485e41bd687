using System;
using System.Collections.Generic;

namespace EngineLlm.Dialogue;

/// <summary>
/// Gathers an answer's characters and says how many of them are safe to show: never the start of what may turn out to be a stop text, and where the
/// answer is trimmed no white space that may turn out to be its end.
/// </summary>
/// <remarks>[0, ReleasedCount) never changes again; [ReleasedCount, length) is held back.</remarks>
internal sealed class AnswerText
{
    private readonly string[] stopTexts;
    private readonly bool trims;
    private char[] characters;
    private int length;

    /// <param name="stopTexts">Texts that end the answer, themselves not part of it.</param>
    /// <param name="trims">Leaves out white space at either end.</param>
    /// <param name="capacity">Characters to make room for at once.</param>
    internal AnswerText(IReadOnlyList<string> stopTexts, bool trims, int capacity)
    {
        this.stopTexts = new string[stopTexts.Count];
        for (int i = 0; i < this.stopTexts.Length; i++)
        {
            if (string.IsNullOrEmpty(stopTexts[i])) throw new ArgumentException("A stop text must not be empty.", nameof(stopTexts));
            this.stopTexts[i] = stopTexts[i];
        }
        this.trims = trims;
        characters = new char[Math.Max(capacity, 16)];
    }

    /// <summary>Number of characters that may be shown.</summary>
    internal int ReleasedCount { get; private set; }

    /// <summary>True once a stop text was met; nothing is added any more.</summary>
    internal bool IsStopped { get; private set; }

    /// <summary>[ReleasedCount] what may be shown. Valid until the next call.</summary>
    internal ReadOnlySpan<char> Released => characters.AsSpan(0, ReleasedCount);

    /// <summary>Adds characters, up to the first stop text.</summary>
    internal void Append(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (IsStopped) break;
            if (trims && length == 0 && char.IsWhiteSpace(character)) continue;
            if (length == characters.Length) Array.Resize(ref characters, length * 2);
            characters[length++] = character;
            CutAtStopText();
        }
        Release(IsStopped ? length : length - PossibleStopLength());
    }

    /// <summary>Releases what was held back: the answer is over, so no stop text can follow.</summary>
    internal void Finish() => Release(length);

    private void Release(int end)
    {
        while (trims && end > ReleasedCount && char.IsWhiteSpace(characters[end - 1])) end--;
        ReleasedCount = Math.Max(ReleasedCount, end);
    }

    private void CutAtStopText()
    {
        ReadOnlySpan<char> text = characters.AsSpan(0, length);
        foreach (string stop in stopTexts)
        {
            if (text.EndsWith(stop.AsSpan())) length -= stop.Length;
            else if (text.SequenceEqual(AtStart(stop))) length = 0;
            else continue;
            IsStopped = true;
            return;
        }
    }

    /// <summary>Length of the longest end of the text that a stop text could begin with.</summary>
    private int PossibleStopLength()
    {
        ReadOnlySpan<char> text = characters.AsSpan(0, length);
        int longest = 0;
        foreach (string stop in stopTexts)
        {
            if (AtStart(stop).StartsWith(text)) return length;
            for (int count = Math.Min(stop.Length - 1, length); count > longest; count--)
            {
                if (text.EndsWith(stop.AsSpan(0, count))) longest = count;
            }
        }
        return longest;
    }

    // The line break that a stop text starts with is trimmed away where the answer itself starts with it.
    private ReadOnlySpan<char> AtStart(string stop) => trims ? stop.AsSpan().TrimStart() : stop.AsSpan();
}
