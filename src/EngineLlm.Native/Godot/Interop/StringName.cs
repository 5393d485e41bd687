using System;
using System.Text;

namespace EngineLlm.Native.Godot.Interop;

/// <summary>A name in the engine's table of names, kept for as long as the extension is loaded.</summary>
internal sealed unsafe class StringName
{
    private readonly nint[] _storage = GC.AllocateArray<nint>(2, pinned: true);

    internal StringName(string text)
    {
        Text = text;
        byte[] utf8 = Encoding.UTF8.GetBytes(text + '\0');
        fixed (byte* bytes = utf8) GodotApi.StringNameNewUtf8(Pointer, bytes);
    }

    internal string Text { get; }

    /// <summary>Where the name lies; it never moves.</summary>
    internal void* Pointer => System.Runtime.CompilerServices.Unsafe.AsPointer(ref _storage[0]);

    /// <summary>Gives the name back to the table.</summary>
    internal void Free() => GodotApi.GetDestructor(VariantType.StringName)(Pointer);
}

/// <summary>Every name that is used, made once.</summary>
internal static class StringNames
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, StringName> s_names = new();

    internal static StringName Get(string text) => s_names.GetOrAdd(text, static text => new StringName(text));

    /// <summary>Gives all of them back: the engine counts what is left when it ends.</summary>
    internal static void FreeAll()
    {
        foreach (StringName name in s_names.Values) name.Free();
        s_names.Clear();
    }
}
