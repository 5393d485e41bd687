using System;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models;

/// <summary>Reads a GGUF's rotary scaling: its method, its parameters and Llama 3's divisors.</summary>
internal static class RopeScalingReader
{
    internal static RopeScaling Read(GgufFile file, Architecture architecture, int contextLength)
    {
        GgufMetadata metadata = file.Metadata;
        string prefix = $"{architecture.Name}.rope.scaling.";
        RefuseOtherThanOne(file, prefix + "yarn_ext_factor");
        RefuseOtherThanOne(file, prefix + "yarn_attn_factor");
        float factor = metadata.Number(prefix + "factor", 0, 1e6, metadata.Number($"{architecture.Name}.rope.scale_linear", 0, 1e6, 0));
        float[]? longFactors = architecture.HasLongRope ? FrequencyFactors(file, TensorNames.LongRopeFactors) : null;
        RopeScalingKind kind = Kind(file, metadata.String(prefix + "type", "linear")!, longFactors is not null);
        int originalContextLength = metadata.Integer(prefix + "original_context_length", 0, int.MaxValue, contextLength);
        return new RopeScaling
        {
            Kind = factor == 0 ? RopeScalingKind.None : kind,
            Factor = factor == 0 ? 1 : factor,
            OriginalContextLength = originalContextLength,
            BetaFast = metadata.Number(prefix + "yarn_beta_fast", 0, 1e6, 32),
            BetaSlow = metadata.Number(prefix + "yarn_beta_slow", 0, 1e6, 1),
            AttentionFactor = metadata.Number(
                prefix + "attn_factor", 0, 1e6, longFactors is null ? 1 : LongRopeMagnitude(contextLength, originalContextLength)),
            FrequencyFactors = FrequencyFactors(file, longFactors is null ? TensorNames.RopeFactors : TensorNames.ShortRopeFactors),
            LongFrequencyFactors = longFactors,
        };
    }

    // LongRoPE's factors are all of its scaling, whatever factor the metadata repeats.
    private static RopeScalingKind Kind(GgufFile file, string type, bool hasLongFactors) => type switch
    {
        "none" => RopeScalingKind.None,
        "longrope" or "linear" when hasLongFactors => RopeScalingKind.None,
        "linear" => RopeScalingKind.Linear,
        "yarn" => RopeScalingKind.Yarn,
        _ => throw new UnsupportedModelException(
            $"{file.FileName}: the rope scaling {GgufParser.Printable(type)} is not supported, only none, linear, yarn and, with its factors, longrope; choose another model."),
    };

    // https://arxiv.org/abs/2402.13753 and the models' own code: sqrt(1 + ln(scale) / ln(original context)).
    private static float LongRopeMagnitude(int contextLength, int originalContextLength) => contextLength <= originalContextLength || originalContextLength < 2
        ? 1
        : (float)Math.Sqrt(1 + Math.Log((double)contextLength / originalContextLength) / Math.Log(originalContextLength));

    private static void RefuseOtherThanOne(GgufFile file, string key)
    {
        if (file.Metadata.Number(key, double.MinValue, double.MaxValue, 1) != 1)
            throw new UnsupportedModelException($"{file.FileName}: {key} other than 1 is not supported; choose another model.");
    }

    private static float[]? FrequencyFactors(GgufFile file, string name)
    {
        if (!file.TryGetTensor(name, out GgufTensor tensor)) return null;
        if (tensor.Type != TensorType.F32 || tensor.ElementCount > 4096)
            throw file.Damaged($"{tensor.Name} should be F32 and have one number a rotated pair, but is {tensor.Type} {tensor.Shape}");
        var factors = new float[tensor.ElementCount];
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file.Data(tensor, 0, (int)tensor.ByteSize)).CopyTo(factors);
        foreach (float factor in factors)
        {
            if (!(factor > 0 && factor < 1e6f)) throw file.Damaged($"{tensor.Name} holds {factor}, where divisors above 0 belong");
        }
        return factors;
    }
}
