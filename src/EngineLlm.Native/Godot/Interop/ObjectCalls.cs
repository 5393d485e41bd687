using System;
using System.Runtime.CompilerServices;

namespace EngineLlm.Native.Godot.Interop;

/// <summary>The engine's own methods that are called from here.</summary>
internal static unsafe class ObjectCalls
{
    private static void* s_notification, s_emitSignal, s_setProcessInternal, s_getParent, s_getNode, s_globalizePath, s_executablePath;

    /// <summary>Looks the methods up. The numbers are hashes of their signatures, from the engine's description of itself.</summary>
    internal static void Load()
    {
        s_notification = Find("Object", "notification", 4023243586);
        s_emitSignal = Find("Object", "emit_signal", 4047867050);
        s_setProcessInternal = Find("Node", "set_process_internal", 2586408642);
        s_getParent = Find("Node", "get_parent", 3160264692);
        s_getNode = Find("Node", "get_node_or_null", 2734337346);
        s_globalizePath = Find("ProjectSettings", "globalize_path", 3135753539);
        s_executablePath = Find("OS", "get_executable_path", 201670096);
    }

    /// <summary>Tells a new object that it is complete, as constructors of the engine's do.</summary>
    internal static void PostInitialize(void* target)
    {
        long what = 0;
        byte isReversed = 0;
        void** arguments = stackalloc void*[] { &what, &isReversed };
        GodotApi.MethodBindPointerCall(s_notification, target, arguments, null);
    }

    /// <summary>Has the engine notify a node once a frame, whatever its script does.</summary>
    internal static void SetProcessInternal(nint node, bool isOn)
    {
        byte argument = isOn ? (byte)1 : (byte)0;
        void* arguments = &argument;
        GodotApi.MethodBindPointerCall(s_setProcessInternal, (void*)node, &arguments, null);
    }

    /// <summary>A node's parent, or 0.</summary>
    internal static nint GetParent(nint node)
    {
        nint parent = 0;
        GodotApi.MethodBindPointerCall(s_getParent, (void*)node, null, &parent);
        return parent;
    }

    /// <summary>The node at a path seen from another, or 0.</summary>
    internal static nint GetNode(nint node, string path) => Call(s_getNode, node, Value.Path(path), VariantType.Object).AsObject;

    /// <summary>A path of the file system for one of the project or of the user's folder.</summary>
    internal static string GlobalizePath(string path) =>
        Call(s_globalizePath, Singleton("ProjectSettings"), Value.Of(path), VariantType.String).AsText;

    /// <summary>Where the running program lies.</summary>
    internal static string ExecutablePath()
    {
        Variant result;
        CallError error;
        GodotApi.MethodBindCall(s_executablePath, (void*)Singleton("OS"), null, 0, &result, &error);
        return Take(&result, VariantType.String).AsText;
    }

    /// <summary>Emits a signal. Handlers run before it returns, and may free the object.</summary>
    internal static void Emit(nint target, StringName signal, ReadOnlySpan<Value> values)
    {
        Variant* variants = stackalloc Variant[values.Length];
        for (int i = 0; i < values.Length; i++) Variants.Make(&variants[i], values[i]);
        Emit(target, signal, variants, values.Length);
        for (int i = 0; i < values.Length; i++) GodotApi.VariantDestroy(&variants[i]);
    }

    /// <summary>Emits a signal whose one argument is text in UTF-8; allocates nothing here.</summary>
    internal static void Emit(nint target, StringName signal, ReadOnlySpan<byte> utf8)
    {
        Variant text;
        Variants.MakeText(&text, utf8);
        Emit(target, signal, &text, 1);
        GodotApi.VariantDestroy(&text);
    }

    private static void Emit(nint target, StringName signal, Variant* values, int count)
    {
        Variant name, result;
        CallError error;
        Variants.MakeName(&name, signal);
        void** arguments = stackalloc void*[count + 1];
        arguments[0] = &name;
        for (int i = 0; i < count; i++) arguments[i + 1] = &values[i];
        GodotApi.MethodBindCall(s_emitSignal, (void*)target, arguments, count + 1, &result, &error);
        GodotApi.VariantDestroy(&result);
        GodotApi.VariantDestroy(&name);
    }

    private static Value Call(void* method, nint target, in Value argument, VariantType resultType)
    {
        Variant variant, result;
        CallError error;
        Variants.Make(&variant, argument);
        void* arguments = &variant;
        GodotApi.MethodBindCall(method, (void*)target, &arguments, 1, &result, &error);
        GodotApi.VariantDestroy(&variant);
        return Take(&result, resultType);
    }

    private static Value Take(Variant* result, VariantType type)
    {
        Variants.TryRead(result, type, out Value value);
        GodotApi.VariantDestroy(result);
        return value;
    }

    private static nint Singleton(string name) => (nint)GodotApi.GetSingleton(StringNames.Get(name).Pointer);

    private static void* Find(string type, string method, long hash)
    {
        void* bind = GodotApi.GetMethodBind(StringNames.Get(type).Pointer, StringNames.Get(method).Pointer, hash);
        if (bind == null) throw new EngineLlmException($"This build of Godot has no {type}.{method}; EngineLlm needs 4.4 or newer.");
        return bind;
    }
}
