using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary>What the engine calls. Nothing is thrown into the engine: what goes wrong is written to its log.</summary>
internal static unsafe class Callbacks
{
    [UnmanagedCallersOnly]
    internal static void* Create(void* userData, byte notifiesPostInitialize)
    {
        try
        {
            var definition = (ClassDefinition)Target(userData)!;
            void* owner = GodotApi.ConstructObject(StringNames.Get(definition.Parent).Pointer);
            GCHandle instance = GCHandle.Alloc(definition.Create((nint)owner));
            GodotApi.ObjectSetInstance(owner, StringNames.Get(definition.Name).Pointer, (void*)GCHandle.ToIntPtr(instance));
            if (notifiesPostInitialize != 0) ObjectCalls.PostInitialize(owner);
            return owner;
        }
        catch (Exception e)
        {
            Log.Error(e);
            return null;
        }
    }

    [UnmanagedCallersOnly]
    internal static void Free(void* userData, void* instance)
    {
        if (instance == null) return;
        GCHandle handle = GCHandle.FromIntPtr((nint)instance);
        try
        {
            ((GodotObject)handle.Target!).Free();
        }
        catch (Exception e)
        {
            Log.Error(e);
        }
        handle.Free();
    }

    [UnmanagedCallersOnly]
    internal static void Notify(void* instance, int what, byte isReversed)
    {
        try
        {
            (Target(instance) as GodotObject)?.OnNotification(what);
        }
        catch (Exception e)
        {
            Log.Error(e);
        }
    }

    /// <summary>A call with variants, whose number and types nobody has checked.</summary>
    [UnmanagedCallersOnly]
    internal static void Call(void* userData, void* instance, void** arguments, long count, void* result, CallError* error)
    {
        try
        {
            var method = (MethodDefinition)Target(userData)!;
            Value argument = default;
            *error = Check(method, instance, arguments, count, ref argument);
            if (error->Error != CallError.Ok) return;
            Value value = method.Body(Target(instance) as GodotObject, argument);
            // The engine hands over a nil, which needs no destroying.
            Variants.Make((Variant*)result, value);
        }
        catch (Exception e)
        {
            Log.Error(e);
        }
    }

    /// <summary>A call whose argument and result are of the declared types.</summary>
    [UnmanagedCallersOnly]
    internal static void PointerCall(void* userData, void* instance, void** arguments, void* result)
    {
        try
        {
            var method = (MethodDefinition)Target(userData)!;
            Value argument = method.Argument is null ? default : ReadTyped(method.Argument.Type, arguments[0]);
            Value value = method.Body(Target(instance) as GodotObject, argument);
            if (method.Result is not null && result != null) WriteTyped(method.Result.Type, value, result);
        }
        catch (Exception e)
        {
            Log.Error(e);
        }
    }

    private static CallError Check(MethodDefinition method, void* instance, void** arguments, long count, ref Value argument)
    {
        int wanted = method.Argument is null ? 0 : 1;
        if (count > wanted) return new CallError { Error = CallError.TooManyArguments, Expected = wanted };
        if (count < wanted) return new CallError { Error = CallError.TooFewArguments, Expected = wanted };
        if (instance == null && !method.IsStatic) return new CallError { Error = CallError.InstanceIsNull };
        if (method.Argument is null || Variants.TryRead((Variant*)arguments[0], method.Argument.Type, out argument)) return default;
        return new CallError { Error = CallError.InvalidArgument, Expected = (int)method.Argument.Type };
    }

    private static Value ReadTyped(VariantType type, void* from)
    {
        Variant variant;
        if (type == VariantType.Object) return Value.Object(from == null ? 0 : *(nint*)from);
        Variants.FromType(type, &variant, from);
        Variants.TryRead(&variant, type, out Value value);
        GodotApi.VariantDestroy(&variant);
        return value;
    }

    private static void WriteTyped(VariantType type, in Value value, void* to)
    {
        Variant variant;
        // Every object that is returned here is a resource, and the engine expects a counted reference.
        if (type == VariantType.Object)
        {
            GodotApi.RefSetObject(to, (void*)value.AsObject);
            return;
        }
        delegate* unmanaged<void*, void> destroy = GodotApi.GetDestructor(type);
        if (destroy != null) destroy(to);
        Variants.Make(&variant, value);
        GodotApi.GetVariantToType(type)(to, &variant);
        GodotApi.VariantDestroy(&variant);
    }

    private static object? Target(void* handle) => handle == null ? null : GCHandle.FromIntPtr((nint)handle).Target;
}
