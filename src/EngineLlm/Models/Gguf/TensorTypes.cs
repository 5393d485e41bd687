namespace EngineLlm.Models.Gguf;

/// <summary>Block sizes of the tensor types, and which of them EngineLlm runs.</summary>
internal static class TensorTypes
{
    /// <summary>The supported types, for error messages.</summary>
    internal const string SupportedNames =
        "F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4";

    /// <summary>Whether the id is one whose block layout is known here.</summary>
    internal static bool IsKnown(this TensorType type) => type.BlockBytes() != 0;

    /// <summary>Whether EngineLlm can run weights of this type.</summary>
    internal static bool IsSupported(this TensorType type) => type switch
    {
        TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.Q8_0 or TensorType.Q4_0 or TensorType.Q4_1
            or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q2_K or TensorType.Q3_K or TensorType.Q4_K or TensorType.Q5_K
            or TensorType.Q6_K or TensorType.IQ4_NL or TensorType.IQ4_XS or TensorType.MXFP4 => true,
        _ => false,
    };

    /// <summary>Weights a block; a row is a whole number of blocks.</summary>
    internal static int BlockSize(this TensorType type) => type switch
    {
        TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.F64 => 1,
        TensorType.I8 or TensorType.I16 or TensorType.I32 or TensorType.I64 => 1,
        TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q8_0 or TensorType.Q8_1 => 32,
        TensorType.IQ4_NL or TensorType.MXFP4 => 32,
        TensorType.NVFP4 => 64,
        _ => 256,
    };

    /// <summary>Bytes a block; 0 for an unknown id.</summary>
    internal static int BlockBytes(this TensorType type) => type switch
    {
        TensorType.F32 or TensorType.I32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 => 2,
        TensorType.F64 or TensorType.I64 => 8,
        TensorType.I8 => 1,
        TensorType.Q4_0 or TensorType.IQ4_NL => 18,
        TensorType.Q4_1 => 20,
        TensorType.Q5_0 => 22,
        TensorType.Q5_1 => 24,
        TensorType.Q8_0 => 34,
        TensorType.Q8_1 => 36,
        TensorType.Q2_K => 84,
        TensorType.Q3_K or TensorType.IQ3_S => 110,
        TensorType.Q4_K => 144,
        TensorType.Q5_K => 176,
        TensorType.Q6_K => 210,
        TensorType.Q8_K => 292,
        TensorType.IQ2_XXS or TensorType.TQ2_0 => 66,
        TensorType.IQ2_XS => 74,
        TensorType.IQ3_XXS => 98,
        TensorType.IQ1_S => 50,
        TensorType.IQ2_S => 82,
        TensorType.IQ4_XS => 136,
        TensorType.IQ1_M => 56,
        TensorType.TQ1_0 => 54,
        TensorType.MXFP4 => 17,
        TensorType.NVFP4 => 36,
        _ => 0,
    };
}
