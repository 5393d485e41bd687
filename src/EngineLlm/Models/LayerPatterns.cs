using System.Collections.Generic;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models;

/// <summary>Which layers of a file's model slide, and which do not rotate.</summary>
internal static class LayerPatterns
{
    private const int MaxLayers = 1024;

    /// <summary>[layers] true where a layer slides; null where all do.</summary>
    /// <exception cref="UnsupportedModelException">There is a window, and nothing says which layers it belongs to.</exception>
    internal static IReadOnlyList<bool>? Sliding(GgufFile file, Architecture architecture, int layerCount)
    {
        string key = $"{architecture.Name}.attention.sliding_window_pattern";
        if (file.Metadata.TryGet(key, out GgufValue value))
        {
            if (value.Kind == GgufKind.Array) return FromArray(file, key, value, layerCount);
            return AllButLast(file.Metadata.Integer(key, 0, MaxLayers), layerCount);
        }
        if (architecture.SlidingPeriod is { } period) return AllButLast(period, layerCount);
        throw new UnsupportedModelException(
            $"{file.FileName}: the model has a sliding window, and its metadata does not say for which layers; choose another model.");
    }

    /// <summary>[layers] true where a layer does not rotate; null where all do.</summary>
    internal static IReadOnlyList<bool>? Unrotated(Architecture architecture, int layerCount)
    {
        int period = architecture.UnrotatedPeriod;
        if (period == 0) return null;
        bool[] layers = New(layerCount);
        for (int i = period - 1; i < layers.Length; i += period) layers[i] = true;
        return layers;
    }

    // A period of 1 leaves no layer to slide.
    private static bool[]? AllButLast(int period, int layerCount)
    {
        if (period == 0) return null;
        bool[] layers = New(layerCount);
        for (int i = 0; i < layers.Length; i++) layers[i] = i % period < period - 1;
        return layers;
    }

    private static bool[] FromArray(GgufFile file, string key, GgufValue value, int layerCount)
    {
        if (!value.TryGetFlags(out bool[] layers) || layers.Length != layerCount)
            throw file.Damaged($"{key} should have a boolean for each of the {layerCount} layers");
        return layers;
    }

    // The description's own checks refuse more layers, and fewer than one.
    private static bool[] New(int layerCount) => new bool[System.Math.Min(layerCount, MaxLayers)];
}
