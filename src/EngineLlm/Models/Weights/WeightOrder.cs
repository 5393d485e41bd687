using System;

namespace EngineLlm.Models.Weights;

/// <summary>
/// In which order the blocks of a matrix lie on the device: [row / band][block][row % band], so that neighbours in a subgroup read neighbouring rows.
/// </summary>
internal enum WeightOrder
{
    /// <summary>
    /// For GPUs, in bands of 8 rows (shaders/weights_rows.glsl). A lone scale has 16 bits, two blocks to a word, because bandwidth is what
    /// they are short of.
    /// </summary>
    Rows,

    /// <summary>
    /// For devices of type CPU, in bands of 32 rows (shaders/weights_lanes.glsl). A lone scale is a float, because instructions are what they are short of.
    /// </summary>
    Lanes,
}

/// <summary>Sizes and packing of a matrix in one of the two orders.</summary>
internal static unsafe class WeightOrders
{
    /// <summary>Rows that a subgroup of the smallest size takes side by side; gate and up rows take turns in groups of it.</summary>
    internal const int GroupRows = 8;

    /// <summary>Rows that lie together: matrices are padded to whole bands, and ranges of rows start at one.</summary>
    internal static int BandRows(this WeightOrder order) => order == WeightOrder.Lanes ? 32 : GroupRows;

    /// <summary>Blocks in a row of that many columns.</summary>
    internal static int BlockCount(int columns) => (columns + DeviceFormats.BlockColumns - 1) / DeviceFormats.BlockColumns;

    /// <summary>Bytes of the quads of a band.</summary>
    internal static long BandQuadBytes(this WeightOrder order, DeviceFormat format, int columns) =>
        (long)order.BandRows() * BlockCount(columns) * format.BlockQuads() * 16;

    /// <summary>Bytes of the words of a band.</summary>
    internal static long BandWordBytes(this WeightOrder order, DeviceFormat format, int columns) =>
        (long)order.BandRows() * (order.PairsScales(format) ? (BlockCount(columns) + 1) / 2 : BlockCount(columns) * format.BlockWords()) * 4;

    /// <summary>Packs one band.</summary>
    /// <param name="order">The order.</param>
    /// <param name="rows">Where the rows come from.</param>
    /// <param name="band">Which band.</param>
    /// <param name="quads">Receives the band's quads.</param>
    /// <param name="words">Receives the band's words.</param>
    internal static void Pack(this WeightOrder order, MatrixRows rows, int band, uint* quads, uint* words)
    {
        DeviceFormat format = rows.Type.ToDeviceFormat();
        int bandRows = order.BandRows();
        int quadCount = format.BlockQuads();
        int wordCount = format.BlockWords();
        bool pairsScales = order.PairsScales(format);
        uint* blockQuads = stackalloc uint[BlockPacker.MaxQuads * 4];
        uint* blockWords = stackalloc uint[BlockPacker.MaxWords];
        for (int lane = 0; lane < bandRows; lane++)
        {
            int row = band * bandRows + lane;
            byte* source = row < rows.Count ? rows.Row(row) : null;
            for (int block = 0; block < BlockCount(rows.Columns); block++)
            {
                if (source != null) BlockPacker.Pack(rows.Type, source, rows.Columns, block, blockQuads, blockWords);
                else Clear(blockQuads, blockWords);
                for (int i = 0; i < quadCount; i++)
                {
                    uint* target = quads + 4 * ((long)(block * quadCount + i) * bandRows + lane);
                    for (int k = 0; k < 4; k++) target[k] = blockQuads[4 * i + k];
                }
                if (pairsScales) StoreHalfScale(words + (long)(block / 2) * bandRows + lane, format, block, blockWords[0]);
                else for (int i = 0; i < wordCount; i++) words[(long)(block * wordCount + i) * bandRows + order.WordPlace(lane)] = blockWords[i];
            }
        }
    }

    // A texel of words is one lane of the band's four groups.
    private static int WordPlace(this WeightOrder order, int bandRow) =>
        order == WeightOrder.Lanes ? bandRow % GroupRows * 4 + bandRow / GroupRows : bandRow;

    private static bool PairsScales(this WeightOrder order, DeviceFormat format) =>
        order == WeightOrder.Rows && format.HasLoneScale();

    private static void StoreHalfScale(uint* word, DeviceFormat format, int block, uint singleBits)
    {
        // Scales of 4-bit floats are powers of two, of which f16 has few and the upper half of a float all.
        uint half = format == DeviceFormat.FP4 ? singleBits >> 16 : HalfFloat.FromSingle(*(float*)&singleBits);
        if (block % 2 == 0) *word = half;
        else *word |= half << 16;
    }

    private static void Clear(uint* quads, uint* words)
    {
        new Span<uint>(quads, BlockPacker.MaxQuads * 4).Clear();
        new Span<uint>(words, BlockPacker.MaxWords).Clear();
    }
}
