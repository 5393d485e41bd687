using System;
using System.Runtime.InteropServices;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary>Where Godot enters: <c>enginellm.gdextension</c> names <see cref="Enter"/>.</summary>
internal static unsafe class Extension
{
    [UnmanagedCallersOnly(EntryPoint = "enginellm_godot_init")]
    internal static byte Enter(delegate* unmanaged<byte*, void*> getProcAddress, void* library, Initialization* initialization)
    {
        if (!GodotApi.Load(getProcAddress, library))
        {
            if (GodotApi.PrintErrorWithMessage != null) Log.Error("This version of Godot is too old; EngineLlm needs 4.4 or newer.");
            return 0;
        }
        initialization->MinimumLevel = Initialization.Scene;
        initialization->Initialize = &Initialize;
        initialization->Deinitialize = &Deinitialize;
        return 1;
    }

    [UnmanagedCallersOnly]
    private static void Initialize(void* userData, int level)
    {
        try
        {
            if (level == Initialization.Scene)
            {
                ObjectCalls.Load();
                ClassRegistry.Register(PersonaResource.Define());
                ClassRegistry.Register(EngineNode.Define());
                ClassRegistry.Register(NpcNode.Define());
            }
            if (level == Initialization.Editor) ClassDocumentation.Load();
        }
        catch (Exception e)
        {
            Log.Error(e);
        }
    }

    [UnmanagedCallersOnly]
    private static void Deinitialize(void* userData, int level)
    {
        if (level != Initialization.Scene) return;
        try
        {
            ClassRegistry.UnregisterAll();
            Disposals.WaitForAll();
            StringNames.FreeAll();
        }
        catch (Exception e)
        {
            Log.Error(e);
        }
    }
}
