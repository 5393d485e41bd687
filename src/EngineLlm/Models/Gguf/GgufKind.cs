namespace EngineLlm.Models.Gguf;

/// <summary>The kind of a metadata value: the format's own ids.</summary>
internal enum GgufKind
{
    UInt8 = 0,
    Int8 = 1,
    UInt16 = 2,
    Int16 = 3,
    UInt32 = 4,
    Int32 = 5,
    Float32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    UInt64 = 10,
    Int64 = 11,
    Float64 = 12,
}

/// <summary>Properties of the kinds.</summary>
internal static class GgufKinds
{
    /// <summary>Bytes of a value of fixed size; 0 for strings, arrays and unknown ids.</summary>
    internal static int FixedSize(this GgufKind kind) => kind switch
    {
        GgufKind.UInt8 or GgufKind.Int8 or GgufKind.Bool => 1,
        GgufKind.UInt16 or GgufKind.Int16 => 2,
        GgufKind.UInt32 or GgufKind.Int32 or GgufKind.Float32 => 4,
        GgufKind.UInt64 or GgufKind.Int64 or GgufKind.Float64 => 8,
        _ => 0,
    };

    /// <summary>The fewest bytes that a value of this kind can take; 0 for unknown ids.</summary>
    internal static int SmallestSize(this GgufKind kind) => kind switch
    {
        GgufKind.String => 8,
        GgufKind.Array => 12,
        _ => kind.FixedSize(),
    };
}
