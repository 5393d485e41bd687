using System;

namespace EngineLlm.Native.Godot.Interop;

/// <summary>What goes over the border to the engine and back: a variant, as C# sees it. Numbers and objects allocate nothing.</summary>
internal readonly struct Value
{
    private readonly long _bits;
    private readonly object? _reference;

    private Value(VariantType type, long bits, object? reference = null)
    {
        Type = type;
        _bits = bits;
        _reference = reference;
    }

    internal VariantType Type { get; }

    internal bool AsBool => _bits != 0;

    internal long AsInt => _bits;

    internal double AsFloat => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The address of an object of the engine's.</summary>
    internal nint AsObject => (nint)_bits;

    internal string AsText => (string?)_reference ?? "";

    internal string[] AsTexts => (string[]?)_reference ?? [];

    internal (string Key, Value Value)[] AsEntries => ((string, Value)[]?)_reference ?? [];

    internal static Value Of(bool value) => new(VariantType.Bool, value ? 1 : 0);

    internal static Value Of(long value) => new(VariantType.Int, value);

    internal static Value Of(double value) => new(VariantType.Float, BitConverter.DoubleToInt64Bits(value));

    internal static Value Of(string text) => new(VariantType.String, 0, text);

    internal static Value Path(string text) => new(VariantType.NodePath, 0, text);

    internal static Value Of(string[] texts) => new(VariantType.PackedStringArray, 0, texts);

    internal static Value Of((string Key, Value Value)[] entries) => new(VariantType.Dictionary, 0, entries);

    internal static Value Object(nint address) => address == 0 ? default : new Value(VariantType.Object, address);
}
