using EngineLlm.Models.Gguf;

namespace EngineLlm.Models.Weights;

/// <summary>
/// How weights lie in device memory, in blocks of 32 columns. The numbers are those of the FORMAT constant in shaders/weight_formats.glsl, which
/// says where each bit goes.
/// </summary>
internal enum DeviceFormat
{
    /// <summary>4 bits, one scale: scale * (q - 8).</summary>
    Q4 = 0,

    /// <summary>4 bits, scale and minimum: scale * q + min.</summary>
    Q4M = 1,

    /// <summary>5 bits, scale and minimum.</summary>
    Q5M = 2,

    /// <summary>6 bits, a scale for each 16: scale * (q - 32).</summary>
    Q6 = 3,

    /// <summary>8 bits, one scale: scale * (q - 128).</summary>
    Q8 = 4,

    /// <summary>2 bits, scale and minimum for each 16, as GGUF's own codes: scale * q + min.</summary>
    Q2 = 5,

    /// <summary>3 bits, a scale for each 16, as GGUF's own codes: scale * (q - 4).</summary>
    Q3 = 6,

    /// <summary>4 bits, places in a table whose steps grow outwards, one scale: scale * table[q].</summary>
    NL4 = 7,

    /// <summary>4-bit floats (e2m1), one power of two as scale.</summary>
    FP4 = 8,

    /// <summary>IEEE half.</summary>
    F16 = 9,

    /// <summary>The upper half of a float.</summary>
    BF16 = 10,

    /// <summary>Float.</summary>
    F32 = 11,
}

/// <summary>Sizes of the device formats, and which one a GGUF type becomes.</summary>
internal static class DeviceFormats
{
    /// <summary>Columns in a block.</summary>
    internal const int BlockColumns = 32;

    /// <summary>16-byte quads a block.</summary>
    internal static int BlockQuads(this DeviceFormat format) => format switch
    {
        DeviceFormat.Q2 => 0,
        DeviceFormat.Q8 => 2,
        DeviceFormat.F16 or DeviceFormat.BF16 => 4,
        DeviceFormat.F32 => 8,
        _ => 1,
    };

    /// <summary>4-byte words a block, scales included.</summary>
    internal static int BlockWords(this DeviceFormat format) => format switch
    {
        DeviceFormat.Q5M => 2,
        DeviceFormat.Q6 or DeviceFormat.Q2 => 3,
        DeviceFormat.Q4 or DeviceFormat.Q4M or DeviceFormat.Q8 or DeviceFormat.NL4 or DeviceFormat.FP4 => 1,
        _ => 0,
    };

    /// <summary>Whether a block has one scale and nothing else beside its fields.</summary>
    internal static bool HasLoneScale(this DeviceFormat format) =>
        format is DeviceFormat.Q4 or DeviceFormat.Q8 or DeviceFormat.NL4 or DeviceFormat.FP4;

    /// <summary>Whether fields are places in a table.</summary>
    internal static bool HasCodebook(this DeviceFormat format) => format is DeviceFormat.NL4 or DeviceFormat.FP4;

    /// <summary>The format that holds a supported GGUF type.</summary>
    /// <exception cref="UnsupportedModelException">The type is not supported.</exception>
    internal static DeviceFormat ToDeviceFormat(this TensorType type) => type switch
    {
        TensorType.Q2_K => DeviceFormat.Q2,
        TensorType.Q3_K => DeviceFormat.Q3,
        TensorType.IQ4_NL or TensorType.IQ4_XS => DeviceFormat.NL4,
        TensorType.MXFP4 => DeviceFormat.FP4,
        TensorType.Q4_0 => DeviceFormat.Q4,
        TensorType.Q4_1 or TensorType.Q4_K => DeviceFormat.Q4M,
        TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q5_K => DeviceFormat.Q5M,
        TensorType.Q6_K => DeviceFormat.Q6,
        TensorType.Q8_0 => DeviceFormat.Q8,
        TensorType.F16 => DeviceFormat.F16,
        TensorType.BF16 => DeviceFormat.BF16,
        TensorType.F32 => DeviceFormat.F32,
        _ => throw new UnsupportedModelException($"Weights of type {type} are not supported. Supported: {TensorTypes.SupportedNames}."),
    };
}
