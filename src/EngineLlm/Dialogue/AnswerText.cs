using System;
using System.Collections.Generic;

namespace EngineLlm.Dialogue;

/// <summary>
/// Gathers an answer's characters and says how many of them are safe to show: never the start of what may turn out to be a stop text, and
/// where the answer is trimmed no white space that may turn out to be its end.
/// </summary>
/// <remarks>[0, ReleasedCount) never changes again; [ReleasedCount, length) is held back.</remarks>
internal sealed class AnswerText
{
    private readonly string[] _stopTexts;
    private readonly bool _trims;
    private char[] _characters;
    private int _length;

    /// <param name="stopTexts">Texts that end the answer, themselves not part of it.</param>
    /// <param name="trims">Leaves out white space at either end.</param>
    /// <param name="capacity">Characters to make room for at once.</param>
    internal AnswerText(IReadOnlyList<string> stopTexts, bool trims, int capacity)
    {
        _stopTexts = new string[stopTexts.Count];
        for (int i = 0; i < _stopTexts.Length; i++)
        {
            if (string.IsNullOrEmpty(stopTexts[i])) throw new ArgumentException("A stop text must not be empty.", nameof(stopTexts));
            _stopTexts[i] = stopTexts[i];
        }
        _trims = trims;
        _characters = new char[Math.Max(capacity, 16)];
    }

    /// <summary>Number of characters that may be shown.</summary>
    internal int ReleasedCount { get; private set; }

    /// <summary>True once a stop text was met; nothing is added any more.</summary>
    internal bool IsStopped { get; private set; }

    /// <summary>[ReleasedCount] what may be shown. Valid until the next call.</summary>
    internal ReadOnlySpan<char> Released => _characters.AsSpan(0, ReleasedCount);

    /// <summary>Adds characters, up to the first stop text.</summary>
    internal void Append(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (IsStopped) break;
            if (_trims && _length == 0 && char.IsWhiteSpace(character)) continue;
            if (_length == _characters.Length) Array.Resize(ref _characters, _length * 2);
            _characters[_length++] = character;
            CutAtStopText();
        }
        Release(IsStopped ? _length : _length - PossibleStopLength());
    }

    /// <summary>Releases what was held back: the answer is over, so no stop text can follow.</summary>
    internal void Finish() => Release(_length);

    private void Release(int end)
    {
        while (_trims && end > ReleasedCount && char.IsWhiteSpace(_characters[end - 1])) end--;
        ReleasedCount = Math.Max(ReleasedCount, end);
    }

    private void CutAtStopText()
    {
        ReadOnlySpan<char> text = _characters.AsSpan(0, _length);
        foreach (string stop in _stopTexts)
        {
            if (text.EndsWith(stop.AsSpan())) _length -= stop.Length;
            else if (text.SequenceEqual(AtStart(stop))) _length = 0;
            else continue;
            IsStopped = true;
            return;
        }
    }

    /// <summary>Length of the longest end of the text that a stop text could begin with.</summary>
    private int PossibleStopLength()
    {
        ReadOnlySpan<char> text = _characters.AsSpan(0, _length);
        int longest = 0;
        foreach (string stop in _stopTexts)
        {
            if (AtStart(stop).StartsWith(text)) return _length;
            for (int count = Math.Min(stop.Length - 1, _length); count > longest; count--)
            {
                if (text.EndsWith(stop.AsSpan(0, count))) longest = count;
            }
        }
        return longest;
    }

    // The line break that a stop text starts with is trimmed away where the answer itself starts with it.
    private ReadOnlySpan<char> AtStart(string stop) => _trims ? stop.AsSpan().TrimStart() : stop.AsSpan();
}
