using System;

namespace EngineLlm.Native.Godot.Interop;

/// <summary>Values into variants and back. Whoever makes a variant destroys it.</summary>
internal static unsafe class Variants
{
    /// <summary>Makes a variant where none is yet.</summary>
    internal static void Make(Variant* variant, in Value value)
    {
        switch (value.Type)
        {
            case VariantType.Bool:
                byte truth = value.AsBool ? (byte)1 : (byte)0;
                FromType(VariantType.Bool, variant, &truth);
                break;
            case VariantType.Int:
                long number = value.AsInt;
                FromType(VariantType.Int, variant, &number);
                break;
            case VariantType.Float:
                double real = value.AsFloat;
                FromType(VariantType.Float, variant, &real);
                break;
            case VariantType.Object:
                nint address = value.AsObject;
                FromType(VariantType.Object, variant, &address);
                break;
            case VariantType.String: MakeText(variant, value.AsText); break;
            case VariantType.NodePath: MakePath(variant, value.AsText); break;
            case VariantType.PackedStringArray: MakeTexts(variant, value.AsTexts); break;
            case VariantType.Dictionary: MakeDictionary(variant, value.AsEntries); break;
            default: GodotApi.VariantNewNil(variant); break;
        }
    }

    /// <summary>Makes a variant of text in UTF-8.</summary>
    internal static void MakeText(Variant* variant, ReadOnlySpan<byte> utf8)
    {
        Opaque text;
        fixed (byte* bytes = utf8) GodotApi.StringNewUtf8(&text, bytes, utf8.Length);
        MoveIn(VariantType.String, variant, &text);
    }

    /// <summary>Makes a variant of a name.</summary>
    internal static void MakeName(Variant* variant, StringName name) => FromType(VariantType.StringName, variant, name.Pointer);

    /// <summary>Makes a variant of what a typed pointer points to.</summary>
    internal static void FromType(VariantType type, Variant* variant, void* from) => GodotApi.GetVariantFromType(type)(variant, from);

    /// <summary>Reads a variant as the type that is wanted, where it can stand for it without loss of meaning.</summary>
    /// <returns>False where it cannot.</returns>
    internal static bool TryRead(Variant* variant, VariantType wanted, out Value value)
    {
        VariantType type = GodotApi.VariantGetType(variant);
        value = default;
        switch (wanted)
        {
            case VariantType.Bool or VariantType.Int or VariantType.Float: return TryReadNumber(variant, type, wanted, out value);
            case VariantType.Object when type is VariantType.Nil: return true;
            case VariantType.Object when type is VariantType.Object:
                nint address = 0;
                GodotApi.GetVariantToType(VariantType.Object)(&address, variant);
                value = Value.Object(address);
                return true;
            case VariantType.String when type is VariantType.String or VariantType.StringName or VariantType.NodePath:
                value = Value.Of(ReadText(variant));
                return true;
            case VariantType.NodePath when type is VariantType.String or VariantType.StringName or VariantType.NodePath:
                value = Value.Path(ReadText(variant));
                return true;
            case VariantType.PackedStringArray when type is VariantType.PackedStringArray or VariantType.Array:
                value = Value.Of(ReadTexts(variant));
                return true;
            default: return false;
        }
    }

    /// <summary>The text of a variant of any type.</summary>
    internal static string ReadText(Variant* variant)
    {
        Opaque text;
        GodotApi.VariantStringify(variant, &text);
        long length = GodotApi.StringToUtf16(&text, null, 0);
        var read = new string('\0', (int)length);
        fixed (char* chars = read) GodotApi.StringToUtf16(&text, chars, length);
        GodotApi.GetDestructor(VariantType.String)(&text);
        return read;
    }

    private static bool TryReadNumber(Variant* variant, VariantType type, VariantType wanted, out Value value)
    {
        value = default;
        long bits = 0;
        if (type is not (VariantType.Bool or VariantType.Int or VariantType.Float)) return false;
        GodotApi.GetVariantToType(type)(&bits, variant);
        if (type is VariantType.Bool) bits &= 0xFF;
        double real = type is VariantType.Float ? BitConverter.Int64BitsToDouble(bits) : bits;
        value = wanted switch
        {
            VariantType.Float => Value.Of(real),
            VariantType.Bool => Value.Of(real != 0),
            _ => Value.Of(type is VariantType.Float ? (long)real : bits),
        };
        return true;
    }

    private static string[] ReadTexts(Variant* array)
    {
        Variant size, item;
        Call(array, "size", null, &size);
        TryRead(&size, VariantType.Int, out Value count);
        var texts = new string[count.AsInt];
        for (int i = 0; i < texts.Length; i++)
        {
            byte isValid, isOutside;
            GodotApi.VariantGetIndexed(array, i, &item, &isValid, &isOutside);
            texts[i] = ReadText(&item);
            GodotApi.VariantDestroy(&item);
        }
        return texts;
    }

    private static void MakeText(Variant* variant, string value)
    {
        Opaque text;
        fixed (char* chars = value) GodotApi.StringNewUtf16(&text, chars, value.Length);
        MoveIn(VariantType.String, variant, &text);
    }

    private static void MakePath(Variant* variant, string value)
    {
        Variant text;
        CallError error;
        MakeText(&text, value);
        void* argument = &text;
        GodotApi.VariantConstruct(VariantType.NodePath, variant, &argument, 1, &error);
        GodotApi.VariantDestroy(&text);
    }

    private static void MakeTexts(Variant* variant, string[] values)
    {
        Variant text, nothing;
        CallError error;
        GodotApi.VariantConstruct(VariantType.PackedStringArray, variant, null, 0, &error);
        foreach (string value in values)
        {
            MakeText(&text, value);
            Call(variant, "push_back", &text, &nothing);
            GodotApi.VariantDestroy(&nothing);
            GodotApi.VariantDestroy(&text);
        }
    }

    private static void MakeDictionary(Variant* variant, (string Key, Value Value)[] entries)
    {
        Variant key, value;
        CallError error;
        byte isValid;
        GodotApi.VariantConstruct(VariantType.Dictionary, variant, null, 0, &error);
        foreach ((string name, Value entry) in entries)
        {
            MakeText(&key, name);
            Make(&value, entry);
            GodotApi.VariantSet(variant, &key, &value, &isValid);
            GodotApi.VariantDestroy(&value);
            GodotApi.VariantDestroy(&key);
        }
    }

    private static void Call(Variant* self, string method, Variant* argument, Variant* result)
    {
        CallError error;
        void* arguments = argument;
        GodotApi.VariantCall(self, StringNames.Get(method).Pointer, &arguments, argument == null ? 0 : 1, result, &error);
    }

    private static void MoveIn(VariantType type, Variant* variant, Opaque* value)
    {
        FromType(type, variant, value);
        GodotApi.GetDestructor(type)(value);
    }
}
