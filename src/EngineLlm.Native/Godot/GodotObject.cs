using System;
using System.Collections.Concurrent;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary>This library's half of an object of the engine's: made with it, and gone with it.</summary>
internal abstract class GodotObject
{
    private static readonly ConcurrentDictionary<nint, GodotObject> s_byOwner = new();

    protected GodotObject(nint owner)
    {
        Owner = owner;
        s_byOwner[owner] = this;
    }

    /// <summary>The engine's half, 0 once it is freed.</summary>
    internal nint Owner { get; private set; }

    /// <summary>This library's half of an object, or null where it is none of this library's.</summary>
    internal static T? Find<T>(nint owner) where T : GodotObject =>
        owner != 0 && s_byOwner.TryGetValue(owner, out GodotObject? found) ? found as T : null;

    /// <summary>The engine frees its half.</summary>
    internal void Free()
    {
        s_byOwner.TryRemove(Owner, out _);
        Owner = 0;
        OnFreed();
    }

    /// <summary>The engine notifies the object; see <see cref="Notifications"/>.</summary>
    internal virtual void OnNotification(int what) { }

    /// <summary>The engine's half is gone; whatever was taken is given back.</summary>
    protected virtual void OnFreed() { }

    /// <summary>Emits a signal, unless the object is freed. Handlers may free it.</summary>
    protected void Emit(string signal, params ReadOnlySpan<Value> values)
    {
        if (Owner != 0) ObjectCalls.Emit(Owner, StringNames.Get(signal), values);
    }

    /// <inheritdoc cref="Emit(string, ReadOnlySpan{Value})"/>
    protected void EmitUtf8(string signal, ReadOnlySpan<byte> utf8)
    {
        if (Owner != 0) ObjectCalls.Emit(Owner, StringNames.Get(signal), utf8);
    }
}

/// <summary>Numbers of the engine's notifications to nodes.</summary>
internal static class Notifications
{
    internal const int EnterTree = 10, ExitTree = 11, Ready = 13, InternalProcess = 25;
}
