using System;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>The formats that weights have on a device, numbered as the shaders number them.</summary>
internal enum WeightFormat
{
    Q4,
    Q4M,
    Q5M,
    Q6,
    Q8,
    Q2,
    Q3,
    NL4,
    FP4,
    F16,
    BF16,
    F32,
}

/// <summary>
/// A random matrix in rows order as weights_rows.glsl describes it, or in lanes order as weights_lanes.glsl does, and the values that its
/// bits stand
/// for. Written from those descriptions alone, so that it checks the repacker of the runtime as well as the shaders.
/// </summary>
internal sealed class PackedMatrix
{
    private const int GroupRows = 8;
    private const int BlockColumns = 32;
    private static readonly int[] s_nonLinear = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
    private static readonly int[] s_floats = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];
    private readonly WeightFormat _format;
    private readonly bool _isForLanes;
    private readonly Random _random;

    internal PackedMatrix(WeightFormat format, int rowCount, int columnCount, Random random, bool isForLanes = false)
    {
        _format = format;
        _isForLanes = isForLanes;
        _random = random;
        RowCount = rowCount;
        ColumnCount = columnCount;
        GroupCount = (rowCount + GroupRows - 1) / GroupRows;
        BlockCount = (columnCount + BlockColumns - 1) / BlockColumns;
        Values = new double[rowCount, columnCount];
        int bandCount = (rowCount + BandRows - 1) / BandRows;
        Quads = new uint[bandCount * BlockCount * QuadsPerBlock * BandRows * 4];
        Words = new uint[Math.Max(4, bandCount * WordsPerBand * BandRows)];
        for (int row = 0; row < rowCount; row++)
        {
            for (int block = 0; block < BlockCount; block++) FillBlock(row, block);
        }
    }

    internal int RowCount { get; }

    internal int ColumnCount { get; }

    /// <summary>Groups of 8 rows.</summary>
    internal int GroupCount { get; }

    /// <summary>Blocks of 32 columns.</summary>
    internal int BlockCount { get; }

    /// <summary>[RowCount, ColumnCount] what the weights are, exactly.</summary>
    internal double[,] Values { get; }

    internal uint[] Quads { get; }

    internal uint[] Words { get; }

    // Rows that lie together.
    private int BandRows => _isForLanes ? 4 * GroupRows : GroupRows;

    // Two scales to a word.
    private bool HasSharedWords => !_isForLanes && HasLoneScale;

    private bool HasLoneScale => _format is WeightFormat.Q4 or WeightFormat.Q8 or WeightFormat.NL4 or WeightFormat.FP4;

    private int QuadsPerBlock => _format switch
    {
        WeightFormat.Q2 => 0,
        WeightFormat.Q8 => 2,
        WeightFormat.F16 or WeightFormat.BF16 => 4,
        WeightFormat.F32 => 8,
        _ => 1,
    };

    private int WordsPerBand => _format switch
    {
        _ when HasSharedWords => (BlockCount + 1) / 2,
        _ when HasLoneScale => BlockCount,
        WeightFormat.Q4M => BlockCount,
        WeightFormat.Q5M => BlockCount * 2,
        WeightFormat.Q6 or WeightFormat.Q2 => BlockCount * 3,
        _ => 0,
    };

    private void FillBlock(int row, int block)
    {
        for (int column = 0; column < BlockColumns; column++)
        {
            bool isPadding = (block * BlockColumns) + column >= ColumnCount;
            switch (_format)
            {
                case WeightFormat.Q2:
                    SetBits(row, block, column / 16, column % 16 * 2, Field(row, block, column, 2));
                    break;
                case WeightFormat.Q3:
                    SetThreeBits(row, block, column, Field(row, block, column, 3));
                    break;
                case WeightFormat.Q4 or WeightFormat.Q4M or WeightFormat.NL4 or WeightFormat.FP4:
                    SetQuadBits(row, block, column / 8, column % 8 * 4, Field(row, block, column, 4));
                    break;
                case WeightFormat.Q5M:
                    SetFiveBits(row, block, column, Field(row, block, column, 5));
                    break;
                case WeightFormat.Q6:
                    SetSixBits(row, block, column, Field(row, block, column, 6));
                    break;
                case WeightFormat.Q8:
                    SetQuadBits(row, block, column / 4, column % 4 * 8, Field(row, block, column, 8));
                    break;
                default:
                    SetPlain(row, block, column, isPadding ? 0 : (float)_random.NextNormal());
                    break;
            }
        }
        if (_format is WeightFormat.Q2 or WeightFormat.Q3) SetCodes(row, block);
        else if (_format < WeightFormat.F16) SetScales(row, block);
    }

    private uint Field(int row, int block, int column, int bits)
    {
        uint field = (uint)_random.Next(1 << bits);
        Store(row, (block * BlockColumns) + column, field);
        return field;
    }

    private void Store(int row, int column, double value)
    {
        if (column < ColumnCount) Values[row, column] = value;
    }

    private void SetThreeBits(int row, int block, int column, uint field)
    {
        if (column < 30)
        {
            SetBits(row, block, column / 10, column % 10 * 3, field);
            return;
        }
        // The last two columns lie in the two top bits of the three words.
        for (int bit = 0; bit < 3; bit++)
        {
            int place = ((column - 30) * 3) + bit;
            SetBits(row, block, place / 2, 30 + (place % 2), field >> bit & 1);
        }
    }

    private void SetFiveBits(int row, int block, int column, uint field)
    {
        if (column < 30)
        {
            SetBits(row, block, column / 6, column % 6 * 5, field);
            return;
        }
        // The last two columns lie in the two top bits of the five words.
        for (int bit = 0; bit < 5; bit++)
        {
            int place = ((column - 30) * 5) + bit;
            SetBits(row, block, place / 2, 30 + (place % 2), field >> bit & 1);
        }
    }

    private void SetSixBits(int row, int block, int column, uint field)
    {
        int first = column / 16 * 3, k = column % 16;
        if (k < 15)
        {
            SetBits(row, block, first + (k / 5), k % 5 * 6, field);
            return;
        }
        for (int i = 0; i < 3; i++) SetBits(row, block, first + i, 30, field >> (2 * i) & 3);
    }

    private void SetPlain(int row, int block, int column, float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (_format == WeightFormat.F32)
        {
            SetQuadBits(row, block, column, 0, bits);
        }
        else
        {
            uint half = _format == WeightFormat.BF16 ? bits >> 16 : BitConverter.HalfToUInt16Bits((Half)value);
            value = _format == WeightFormat.BF16 ? BitConverter.UInt32BitsToSingle(half << 16) : (float)(Half)value;
            SetQuadBits(row, block, column / 2, column % 2 * 16, half);
        }
        Store(row, (block * BlockColumns) + column, value);
    }

    /// <summary>Writes the block's scales, and turns the fields stored so far into weights.</summary>
    private void SetScales(int row, int block)
    {
        bool hasMinimum = _format is WeightFormat.Q4M or WeightFormat.Q5M;
        var first = (Half)((_random.NextDouble() - 0.3) / (_format == WeightFormat.Q8 ? 128 : 8));
        var second = (Half)(hasMinimum ? _random.NextNormal() : (_random.NextDouble() - 0.3) / 32);
        uint pair = BitConverter.HalfToUInt16Bits(first) | ((uint)BitConverter.HalfToUInt16Bits(second) << 16);
        uint half = BitConverter.HalfToUInt16Bits(first);
        double firstScale = (double)first;
        if (_format == WeightFormat.FP4)
        {
            firstScale = Math.ScaleB(1, _random.Next(-8, 0));
            half = BitConverter.SingleToUInt32Bits((float)firstScale) >> 16;
        }
        if (HasSharedWords) AddWord(row, (row / BandRows * WordsPerBand) + (block / 2), half << (block % 2 * 16));
        else AddWord(row, LastWord(row, block), HasLoneScale ? BitConverter.SingleToUInt32Bits((float)firstScale) : pair);
        double zero = _format switch { WeightFormat.Q4 => 8, WeightFormat.Q6 => 32, WeightFormat.Q8 => 128, _ => 0 };
        for (int i = 0; i < BlockColumns && (block * BlockColumns) + i < ColumnCount; i++)
        {
            ref double value = ref Values[row, (block * BlockColumns) + i];
            double scale = _format == WeightFormat.Q6 && i >= 16 ? (double)second : firstScale;
            if (_format == WeightFormat.NL4) value = s_nonLinear[(int)value];
            if (_format == WeightFormat.FP4) value = s_floats[(int)value];
            value = (scale * (value - zero)) + (hasMinimum ? (double)second : 0);
        }
    }

    /// <summary>Writes the codes of Q2 or Q3, and turns the fields stored so far into weights.</summary>
    private void SetCodes(int row, int block)
    {
        bool isQ2 = _format == WeightFormat.Q2;
        uint[] codes = [(uint)_random.Next(isQ2 ? 256 : 64), (uint)_random.Next(isQ2 ? 256 : 64)];
        (Half a, Half b) = PairScales(row, block / 2);
        if (isQ2)
        {
            uint shared = BitConverter.HalfToUInt16Bits(block % 2 == 0 ? a : b);
            AddWord(row, LastWord(row, block), codes[0] | codes[1] << 8 | shared << 16);
        }
        else
        {
            SetBits(row, block, 3, 0, BitConverter.HalfToUInt16Bits(a) | codes[0] << 16 | codes[1] << 22);
        }
        for (int i = 0; i < BlockColumns && (block * BlockColumns) + i < ColumnCount; i++)
        {
            ref double value = ref Values[row, (block * BlockColumns) + i];
            uint code = codes[i / 16];
            value = isQ2 ? ((double)a * (code & 15) * value) - ((double)b * (code >> 4)) : (double)a * ((int)code - 32) * (value - 4);
        }
    }

    // The same for both blocks of a pair.
    private static (Half A, Half B) PairScales(int row, int pair)
    {
        var random = new Random((row * 1000) + pair);
        return ((Half)((random.NextDouble() - 0.3) / 32), (Half)((random.NextDouble() - 0.3) / 16));
    }

    private int LastWord(int row, int block)
    {
        int perBlock = WordsPerBand / BlockCount;
        return (row / BandRows * WordsPerBand) + (block * perBlock) + perBlock - 1;
    }

    /// <summary>Sets bits of word i of the block, the quad's words first, the further words after them.</summary>
    private void SetBits(int row, int block, int i, int bit, uint value)
    {
        if (i < 4 * QuadsPerBlock) SetQuadBits(row, block, i, bit, value);
        else AddWord(row, (row / BandRows * WordsPerBand) + (block * (WordsPerBand / BlockCount)) + i - (4 * QuadsPerBlock), value << bit);
    }

    private void SetQuadBits(int row, int block, int i, int bit, uint value)
    {
        int quad = ((((row / BandRows * BlockCount) + block) * QuadsPerBlock) + (i / 4)) * BandRows;
        Quads[((quad + (row % BandRows)) * 4) + (i % 4)] |= value << bit;
    }

    // In lanes order the four groups of a band are the four components of a texel.
    private void AddWord(int row, int word, uint bits) =>
        Words[(word * BandRows) + (_isForLanes ? (row % GroupRows * 4) + (row / GroupRows % 4) : row % GroupRows)] |= bits;
}
