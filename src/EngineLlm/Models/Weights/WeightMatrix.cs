using System.Collections.Generic;
using EngineLlm.Vulkan;

namespace EngineLlm.Models.Weights;

/// <summary>A matrix of weights on the device. Large ones are cut by rows, since some drivers bind at most 128 MiB at once.</summary>
/// <param name="Format">How the weights lie.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns, before padding to whole blocks.</param>
/// <param name="Parts">The row ranges, in order.</param>
internal sealed record WeightMatrix(DeviceFormat Format, int Rows, int Columns, IReadOnlyList<WeightPart> Parts)
{
    internal int BlockCount => WeightOrders.BlockCount(Columns);
}

/// <summary>Some rows of a matrix, in buffers of their own.</summary>
/// <param name="FirstRow">The first of them.</param>
/// <param name="RowCount">How many.</param>
/// <param name="Quads">Their quads.</param>
/// <param name="Words">Their words; a dummy where the format has none.</param>
internal readonly record struct WeightPart(int FirstRow, int RowCount, DeviceBuffer Quads, DeviceBuffer Words);
