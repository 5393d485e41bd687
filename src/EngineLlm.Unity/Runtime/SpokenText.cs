using System;

namespace EngineLlm.Unity
{
    /// <summary>
    /// An answer's characters on their way to the game. The engine appends from whatever thread updates or closes it; the main thread takes
    /// over what has come, and reads it without a lock. Allocates only when an answer is longer than any before.
    /// </summary>
    internal sealed class SpokenText
    {
        private readonly object _lock = new object();
        private char[] _incoming = new char[512];
        private int _incomingCount;
        private char[] _text = new char[1024];
        private int _length;
        private int _taken;

        /// <summary>
        /// What the main thread has taken over so far. Valid until the next <see cref="Receive"/> or <see cref="Clear"/>.
        /// </summary>
        internal ReadOnlySpan<char> Span => new ReadOnlySpan<char>(_text, 0, _length);

        internal int Length => _length;

        /// <summary>Adds characters; from any thread.</summary>
        internal void Append(ReadOnlySpan<char> text)
        {
            lock (_lock)
            {
                Reserve(ref _incoming, _incomingCount, text.Length);
                text.CopyTo(new Span<char>(_incoming, _incomingCount, text.Length));
                _incomingCount += text.Length;
            }
        }

        /// <summary>Takes over what has come. True where there was anything.</summary>
        internal bool Receive()
        {
            lock (_lock)
            {
                if (_incomingCount == 0) return false;
                Reserve(ref _text, _length, _incomingCount);
                Array.Copy(_incoming, 0, _text, _length, _incomingCount);
                _length += _incomingCount;
                _incomingCount = 0;
                return true;
            }
        }

        /// <summary>
        /// The words that have become whole since the last call, with the white space between them; at the end of an answer also the last
        /// word.
        /// </summary>
        internal ReadOnlySpan<char> TakeWords(bool isOver)
        {
            int end = _length;
            while (!isOver && end > _taken && !char.IsWhiteSpace(_text[end - 1])) end--;
            var words = new ReadOnlySpan<char>(_text, _taken, end - _taken);
            _taken = end;
            return words;
        }

        /// <summary>Whether the text is at least so long and ends with a sentence, so that it may stop here.</summary>
        internal bool EndsSentenceAfter(int length)
        {
            if (_length == 0 || _length < length) return false;
            int last = _length - 1;
            while (last > 0 && (_text[last] == '"' || _text[last] == '\u201D')) last--;
            if (_text[last] == '!' || _text[last] == '?') return true;
            return _text[last] == '.' && (last == 0 || _text[last - 1] != '.');
        }

        /// <summary>Starts anew.</summary>
        internal void Clear()
        {
            lock (_lock) _incomingCount = 0;
            _length = 0;
            _taken = 0;
        }

        private static void Reserve(ref char[] array, int used, int more)
        {
            if (used + more > array.Length) Array.Resize(ref array, Math.Max(array.Length * 2, used + more));
        }
    }
}
