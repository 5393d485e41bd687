using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization;

/// <summary>Joins the characters of one text to pieces, best score first. Each piece begins at a char, so an index is a piece's name.</summary>
internal ref struct SentencePieceJoiner
{
    private readonly char[] _text;
    private readonly PieceLookup _pieces;
    private readonly float[] _scores;

    /// <summary>[chars] length of the piece that begins here, 0 where none does.</summary>
    private readonly int[] _lengths;

    /// <summary>[chars] where the piece before this one begins, -1 for the first.</summary>
    private readonly int[] _previous;

    /// <summary>Binary heap of candidate pairs, the best at 0.</summary>
    private readonly List<Pair> _heap;

    internal SentencePieceJoiner(char[] text, PieceLookup pieces, float[] scores)
    {
        _text = text;
        _pieces = pieces;
        _scores = scores;
        _lengths = new int[text.Length];
        _previous = new int[text.Length];
        _heap = new List<Pair>(text.Length);
    }

    /// <summary>Joins all that can be joined and gives the pieces, in order.</summary>
    internal readonly PieceEnumerator Join()
    {
        SplitToCharacters();
        while (_heap.Count > 0)
        {
            Pair pair = Pop();
            int right = pair.Left + _lengths[pair.Left];
            // A pair is stale where one of its pieces has been joined to another since.
            bool isStale = _lengths[pair.Left] == 0 || right >= _text.Length || _lengths[pair.Left] + _lengths[right] != pair.Length;
            if (isStale) continue;
            _lengths[pair.Left] = pair.Length;
            _lengths[right] = 0;
            int next = pair.Left + pair.Length;
            if (next < _text.Length) _previous[next] = pair.Left;
            Offer(_previous[pair.Left], pair.Left);
            Offer(pair.Left, next);
        }
        return new PieceEnumerator(_text, _lengths);
    }

    private readonly void SplitToCharacters()
    {
        int previous = -1;
        for (int at = 0; at < _text.Length; at += _lengths[at])
        {
            bool isPair = char.IsHighSurrogate(_text[at]) && at + 1 < _text.Length && char.IsLowSurrogate(_text[at + 1]);
            _lengths[at] = isPair ? 2 : 1;
            _previous[at] = previous;
            Offer(previous, at);
            previous = at;
        }
    }

    private readonly void Offer(int left, int right)
    {
        if (left < 0 || right >= _text.Length) return;
        int length = _lengths[left] + _lengths[right];
        int id = _pieces.Find(_text.AsSpan(left, length));
        if (id >= 0) Push(new Pair(left, length, _scores[id]));
    }

    private readonly void Push(Pair pair)
    {
        int at = _heap.Count;
        _heap.Add(pair);
        while (at > 0 && pair.IsBefore(_heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        _heap[at] = pair;
    }

    private readonly Pair Pop()
    {
        Pair best = _heap[0];
        Pair last = _heap[_heap.Count - 1];
        _heap.RemoveAt(_heap.Count - 1);
        if (_heap.Count == 0) return best;
        int at = 0;
        for (int child; (child = 2 * at + 1) < _heap.Count; at = child)
        {
            if (child + 1 < _heap.Count && _heap[child + 1].IsBefore(_heap[child])) child++;
            if (!_heap[child].IsBefore(last)) break;
            _heap[at] = _heap[child];
        }
        _heap[at] = last;
        return best;
    }

    /// <summary>Two neighbours whose text together is a token.</summary>
    private readonly struct Pair
    {
        internal Pair(int left, int length, float score)
        {
            Left = left;
            Length = length;
            Score = score;
        }

        internal int Left { get; }

        internal int Length { get; }

        internal float Score { get; }

        internal bool IsBefore(Pair other) => Score > other.Score || (Score == other.Score && Left < other.Left);
    }

    /// <summary>Walks the pieces.</summary>
    internal ref struct PieceEnumerator
    {
        private readonly char[] _text;
        private readonly int[] _lengths;
        private int _next;

        internal PieceEnumerator(char[] text, int[] lengths)
        {
            _text = text;
            _lengths = lengths;
            _next = 0;
            Current = default;
        }

        /// <summary>The piece at hand.</summary>
        public ReadOnlySpan<char> Current { get; private set; }

        /// <summary>For `foreach`.</summary>
        public readonly PieceEnumerator GetEnumerator() => this;

        /// <summary>Moves to the next piece.</summary>
        public bool MoveNext()
        {
            if (_next >= _text.Length) return false;
            Current = _text.AsSpan(_next, _lengths[_next]);
            _next += _lengths[_next];
            return true;
        }
    }
}
