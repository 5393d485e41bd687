using System;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>
/// Random keys and values of some sequences, in pages that lie in random order. Whatever no token of a context stands in is NaN, so that
/// reading it shows.
/// </summary>
internal sealed class PagedContext
{
    private readonly int _kvHeads, _headSize, _pageSize;
    private readonly bool _isF32;
    private readonly double[][] _keys, _values; // [sequence][kv head][token][head size]

    /// <param name="contextLengths">Tokens of each sequence.</param>
    /// <param name="kvHeads">Heads of keys and of values.</param>
    /// <param name="headSize">Dimensions of a head.</param>
    /// <param name="pageSize">Tokens of a page.</param>
    /// <param name="isF32">Whether pages hold f32 rather than f16.</param>
    /// <param name="content">What each sequence holds: the same number gives the same keys and values.</param>
    /// <param name="order">The order of the pages.</param>
    internal PagedContext(int[] contextLengths, int kvHeads, int headSize, int pageSize, bool isF32, int content, Random order)
    {
        (_kvHeads, _headSize, _pageSize, _isF32) = (kvHeads, headSize, pageSize, isF32);
        PageOffsets = new int[contextLengths.Length + 1];
        for (int row = 0; row < contextLengths.Length; row++)
            PageOffsets[row + 1] = PageOffsets[row] + ((contextLengths[row] + pageSize - 1) / pageSize);
        int used = PageOffsets[^1], total = used + 3;
        Pages = order.Permutation(total)[..used];
        int halves = total * kvHeads * pageSize * PaddedHeadSize;
        Keys = Poison(halves);
        Values = Poison(halves);
        _keys = new double[contextLengths.Length][];
        _values = new double[contextLengths.Length][];
        for (int row = 0; row < contextLengths.Length; row++)
        {
            // One stream of random numbers a sequence, so that a shorter context of the same content is a prefix of a longer one.
            var random = new Random(content + row);
            Fill(row, contextLengths[row], random);
        }
    }

    /// <summary>[row + 1]</summary>
    internal int[] PageOffsets { get; }

    /// <summary>[PageOffsets[rows]] physical pages.</summary>
    internal int[] Pages { get; }

    /// <summary>The keys as the device sees them: f16 pairs, or f32.</summary>
    internal uint[] Keys { get; }

    /// <summary>As <see cref="Keys"/>.</summary>
    internal uint[] Values { get; }

    private int PaddedHeadSize => (_headSize + 7) / 8 * 8;

    internal double Key(int row, int kvHead, int token, int dimension) => _keys[row][Place(kvHead, token, dimension)];

    internal double Value(int row, int kvHead, int token, int dimension) => _values[row][Place(kvHead, token, dimension)];

    /// <summary>Makes the first pages of a sequence hold nothing, as pages do that have been given to somebody else.</summary>
    internal void Forget(int row, int pageCount)
    {
        int pageWords = _kvHeads * _pageSize * PaddedHeadSize / (_isF32 ? 1 : 2);
        for (int i = 0; i < pageCount; i++)
        {
            int first = Pages[PageOffsets[row] + i] * pageWords;
            Keys.AsSpan(first, pageWords).Fill(Poison(2)[0]);
            Values.AsSpan(first, pageWords).Fill(Poison(2)[0]);
        }
    }

    private int Place(int kvHead, int token, int dimension) => (((token * _kvHeads) + kvHead) * _headSize) + dimension;

    private uint[] Poison(int count)
    {
        var words = new uint[_isF32 ? count : count / 2];
        Array.Fill(words, _isF32 ? BitConverter.SingleToUInt32Bits(float.NaN) : 0x7e007e00);
        return words;
    }

    private void Fill(int row, int length, Random random)
    {
        _keys[row] = new double[length * _kvHeads * _headSize];
        _values[row] = new double[length * _kvHeads * _headSize];
        for (int token = 0; token < length; token++)
        {
            for (int kvHead = 0; kvHead < _kvHeads; kvHead++)
            {
                int slot = (Pages[PageOffsets[row] + (token / _pageSize)] * _kvHeads) + kvHead;
                int first = ((slot * _pageSize) + (token % _pageSize)) * PaddedHeadSize;
                for (int dimension = 0; dimension < PaddedHeadSize; dimension++)
                {
                    bool isPadding = dimension >= _headSize;
                    double key = Store(Keys, first + dimension, isPadding ? 0 : random.NextNormal());
                    double value = Store(Values, first + dimension, isPadding ? 0 : random.NextNormal());
                    if (isPadding) continue;
                    _keys[row][Place(kvHead, token, dimension)] = key;
                    _values[row][Place(kvHead, token, dimension)] = value;
                }
            }
        }
    }

    /// <summary>Writes a number, and returns what is left of it.</summary>
    private double Store(uint[] words, int place, double value)
    {
        if (_isF32)
        {
            words[place] = BitConverter.SingleToUInt32Bits((float)value);
            return (float)value;
        }
        int shift = place % 2 * 16;
        words[place / 2] = (words[place / 2] & ~(0xffffu << shift)) | ((uint)BitConverter.HalfToUInt16Bits((Half)value) << shift);
        return (double)(Half)value;
    }
}
