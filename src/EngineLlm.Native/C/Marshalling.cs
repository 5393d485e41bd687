using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace EngineLlm.Native.C;

/// <summary>A struct of <c>enginellm.h</c>: starts with its size, and only ever grows at its end.</summary>
internal interface IVersionedStruct
{
    /// <summary>Bytes that the struct had in the first version of the interface: no program has a smaller one.</summary>
    static abstract uint FirstSize { get; }
}

/// <summary>Text and structs between C and C#, checked.</summary>
internal static unsafe class Marshalling
{
    /// <summary>The most bytes of a text: <c>ENGINELLM_MAX_TEXT_BYTES</c>.</summary>
    internal const int MaxTextBytes = 1 << 20;

    // A size beyond this is no struct of any version, but memory that was never set.
    private const uint MaxStructSize = 4096;
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a struct as the caller knows it; fields that it does not have yet are zero.</summary>
    internal static T ReadStruct<T>(void* pointer, string name) where T : unmanaged, IVersionedStruct
    {
        uint size = CheckSize<T>(pointer, name);
        T value = default;
        Unsafe.CopyBlockUnaligned(&value, pointer, Math.Min(size, (uint)sizeof(T)));
        for (uint i = (uint)sizeof(T); i < size; i++)
        {
            if (((byte*)pointer)[i] == 0) continue;
            throw new RefusedException(Status.InvalidSize, $"{name} asks for what this library does not have yet; update the library.");
        }
        return value;
    }

    /// <summary>Writes a struct as far as the caller knows it; what it knows beyond that becomes zero, and its size stays.</summary>
    internal static void WriteStruct<T>(void* pointer, T value, string name) where T : unmanaged, IVersionedStruct
    {
        uint size = CheckSize<T>(pointer, name);
        uint known = Math.Min(size, (uint)sizeof(T));
        Unsafe.CopyBlockUnaligned((byte*)pointer + sizeof(uint), (byte*)&value + sizeof(uint), known - sizeof(uint));
        Unsafe.InitBlockUnaligned((byte*)pointer + known, 0, size - known);
    }

    /// <summary>Reads a text that may not be null.</summary>
    internal static string ReadText(byte* text, string name) =>
        ReadOptionalText(text, name) ?? throw new RefusedException(Status.InvalidArgument, $"{name} is null.");

    /// <summary>Reads a text, or null.</summary>
    internal static string? ReadOptionalText(byte* text, string name)
    {
        if (text == null) return null;
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
        if (bytes.Length > MaxTextBytes)
            throw new RefusedException(Status.InvalidArgument, $"{name} has {bytes.Length} bytes, and at most {MaxTextBytes} may be.");
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new RefusedException(Status.InvalidUtf8, $"{name} is not UTF-8 at byte {e.Index}.");
        }
    }

    /// <summary>
    /// Writes as much of a text as fits, whole characters only, with a zero byte behind it; the rest of the field becomes zero.
    /// </summary>
    internal static void WriteText(ReadOnlySpan<byte> utf8, Span<byte> field)
    {
        int count = Math.Min(utf8.Length, field.Length - 1);
        while (count > 0 && count < utf8.Length && (utf8[count] & 0xC0) == 0x80) count--;
        utf8[..count].CopyTo(field);
        field[count..].Clear();
    }

    /// <inheritdoc cref="WriteText(ReadOnlySpan{byte}, Span{byte})"/>
    internal static void WriteText(string text, Span<byte> field) => WriteText(Encoding.UTF8.GetBytes(text), field);

    /// <summary>Refuses a null pointer.</summary>
    internal static void Require(void* pointer, string name)
    {
        if (pointer == null) throw new RefusedException(Status.InvalidArgument, $"{name} is null.");
    }

    private static uint CheckSize<T>(void* pointer, string name) where T : unmanaged, IVersionedStruct
    {
        Require(pointer, name);
        uint size = Unsafe.ReadUnaligned<uint>(pointer);
        if (size >= T.FirstSize && size <= MaxStructSize) return size;
        throw new RefusedException(Status.InvalidSize, $"{name} has size {size}; set it to the struct's sizeof, here {sizeof(T)}.");
    }
}
