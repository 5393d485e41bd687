using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>
/// The device memory of the page pool: one buffer for each layer's keys and one for its values, so that no binding has to be larger than the
/// smallest range that drivers allow. In each: [page][kv head][slot][head size padded to 8].
/// </summary>
internal sealed class PageMemory
{
    internal PageMemory(IDeviceMemory memory, ModelDescription model, StepLimits limits)
    {
        PageBytes = PageBytesOf(model, limits.PageSize, limits.FloatPages);
        Keys = new DeviceBuffer[model.LayerCount];
        Values = new DeviceBuffer[model.LayerCount];
        Windowed = new bool[model.LayerCount];
        for (int layer = 0; layer < model.LayerCount; layer++)
        {
            Windowed[layer] = limits.WindowPageCount > 0 && model.IsSliding(layer);
            ulong bytes = PageBytes * (ulong)(Windowed[layer] ? limits.WindowPageCount : limits.PageCount);
            Keys[layer] = memory.Create(bytes, BufferPlace.Device);
            Values[layer] = memory.Create(bytes, BufferPlace.Device);
        }
    }

    /// <summary>Bytes of one page in one layer's keys, or in its values.</summary>
    internal ulong PageBytes { get; }

    /// <summary>[layer] true where a layer slides, and so has window pages.</summary>
    internal bool[] Windowed { get; }

    /// <summary>[layer] keys.</summary>
    internal DeviceBuffer[] Keys { get; }

    /// <summary>[layer] values.</summary>
    internal DeviceBuffer[] Values { get; }

    /// <summary>Bytes of one page in one layer's keys, or in its values.</summary>
    internal static ulong PageBytesOf(ModelDescription model, int pageSize, bool floatPages) =>
        (ulong)(model.KeyValueHeadCount * pageSize * PaddedHeadSize(model)) * (floatPages ? 4UL : 2UL);

    /// <summary>Head size as pages hold it, a multiple of 8 so that 16-byte loads stay within a head.</summary>
    internal static int PaddedHeadSize(ModelDescription model) => (model.HeadSize + 7) / 8 * 8;
}
