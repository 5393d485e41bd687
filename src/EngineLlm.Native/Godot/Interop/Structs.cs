using System.Runtime.InteropServices;

namespace EngineLlm.Native.Godot.Interop;

/// <summary>Types of a variant, numbered as Godot 4 does.</summary>
internal enum VariantType
{
    Nil = 0,
    Bool = 1,
    Int = 2,
    Float = 3,
    String = 4,
    StringName = 21,
    NodePath = 22,
    Object = 24,
    Dictionary = 27,
    Array = 28,
    PackedStringArray = 34,
}

/// <summary>Room for one variant: 24 bytes in usual builds of the engine, 40 in those with double precision.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Variant
{
    private fixed ulong _words[5];
}

/// <summary>Room for one value of a built-in type that variants hold: 16 bytes are the most that is used here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Opaque
{
    private fixed ulong _words[2];
}

/// <summary>Why a call was refused, as <c>GDExtensionCallError</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CallError
{
    internal const int Ok = 0, InvalidArgument = 2, TooManyArguments = 3, TooFewArguments = 4, InstanceIsNull = 5;

    internal int Error;
    internal int Argument;
    internal int Expected;
}

/// <summary><c>GDExtensionPropertyInfo</c>: a property, an argument or a result.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PropertyInfo
{
    internal VariantType Type;
    internal void* Name;
    internal void* ClassName;
    internal uint Hint;
    internal void* HintString;
    internal uint Usage;
}

/// <summary><c>GDExtensionClassMethodInfo</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MethodInfo
{
    internal void* Name;
    internal void* UserData;
    internal delegate* unmanaged<void*, void*, void**, long, void*, CallError*, void> Call;
    internal delegate* unmanaged<void*, void*, void**, void*, void> PointerCall;
    internal uint Flags;
    internal byte HasResult;
    internal PropertyInfo* Result;
    internal int ResultMetadata;
    internal uint ArgumentCount;
    internal PropertyInfo* Arguments;
    internal int* ArgumentsMetadata;
    internal uint DefaultCount;
    internal void** Defaults;
}

/// <summary><c>GDExtensionClassCreationInfo4</c>, with the callbacks that are not used here left null.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ClassCreationInfo
{
    internal byte IsVirtual;
    internal byte IsAbstract;
    internal byte IsExposed;
    internal byte IsRuntime;
    internal void* IconPath;
    internal void* Set;
    internal void* Get;
    internal void* GetPropertyList;
    internal void* FreePropertyList;
    internal void* PropertyCanRevert;
    internal void* PropertyGetRevert;
    internal void* ValidateProperty;
    internal delegate* unmanaged<void*, int, byte, void> Notification;
    internal void* ConvertToString;
    internal void* Reference;
    internal void* Unreference;
    internal delegate* unmanaged<void*, byte, void*> CreateInstance;
    internal delegate* unmanaged<void*, void*, void> FreeInstance;
    internal void* RecreateInstance;
    internal void* GetVirtual;
    internal void* GetVirtualCallData;
    internal void* CallVirtualWithData;
    internal void* UserData;
}

/// <summary><c>GDExtensionInitialization</c>: what the entry point fills in.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Initialization
{
    internal const int Scene = 2, Editor = 3;

    internal int MinimumLevel;
    internal void* UserData;
    internal delegate* unmanaged<void*, int, void> Initialize;
    internal delegate* unmanaged<void*, int, void> Deinitialize;
}
