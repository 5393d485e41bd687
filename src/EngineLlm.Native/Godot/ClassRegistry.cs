using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary>Tells the engine of classes, and forgets them again.</summary>
internal static unsafe class ClassRegistry
{
    private const uint DefaultUsage = 6;
    private const uint NormalMethod = 1, StaticMethod = 33;

    private static readonly List<ClassDefinition> s_classes = [];
    private static readonly List<GCHandle> s_handles = [];

    /// <summary>Tells the engine of a class with everything in it.</summary>
    internal static void Register(ClassDefinition definition)
    {
        Opaque noIcon;
        GodotApi.StringNewUtf8(&noIcon, null, 0);
        var info = new ClassCreationInfo
        {
            IsExposed = 1,
            IsRuntime = definition.IsRuntime ? (byte)1 : (byte)0,
            IconPath = &noIcon,
            Notification = &Callbacks.Notify,
            CreateInstance = &Callbacks.Create,
            FreeInstance = &Callbacks.Free,
            UserData = Keep(definition),
        };
        void* name = NameOf(definition.Name);
        GodotApi.RegisterClass(GodotApi.Library, name, NameOf(definition.Parent), &info);
        GodotApi.GetDestructor(VariantType.String)(&noIcon);
        s_classes.Add(definition);

        foreach (MethodDefinition method in definition.Methods) RegisterMethod(name, method);
        foreach (PropertyDefinition property in definition.Properties) RegisterProperty(name, property);
        foreach (SignalDefinition signal in definition.Signals) RegisterSignal(name, signal);
        foreach (ConstantDefinition constant in definition.Constants)
            GodotApi.RegisterConstant(GodotApi.Library, name, NameOf(constant.Enumeration), NameOf(constant.Name), constant.Value, 0);
    }

    /// <summary>Takes every class back, the newest first.</summary>
    internal static void UnregisterAll()
    {
        for (int i = s_classes.Count - 1; i >= 0; i--) GodotApi.UnregisterClass(GodotApi.Library, NameOf(s_classes[i].Name));
        s_classes.Clear();
        foreach (GCHandle handle in s_handles) handle.Free();
        s_handles.Clear();
    }

    private static void RegisterMethod(void* className, MethodDefinition method)
    {
        using var argument = new NativeInfo(method.Argument);
        using var result = new NativeInfo(method.Result);
        PropertyInfo argumentInfo = argument.Info, resultInfo = result.Info;
        int noMetadata = 0;
        var info = new MethodInfo
        {
            Name = NameOf(method.Name),
            UserData = Keep(method),
            Call = &Callbacks.Call,
            PointerCall = &Callbacks.PointerCall,
            Flags = method.IsStatic ? StaticMethod : NormalMethod,
            HasResult = method.Result is null ? (byte)0 : (byte)1,
            Result = &resultInfo,
            ArgumentCount = method.Argument is null ? 0u : 1u,
            Arguments = &argumentInfo,
            ArgumentsMetadata = &noMetadata,
        };
        GodotApi.RegisterMethod(GodotApi.Library, className, &info);
    }

    private static void RegisterProperty(void* className, PropertyDefinition property)
    {
        using var value = new NativeInfo(property.Value);
        PropertyInfo info = value.Info;
        GodotApi.RegisterProperty(GodotApi.Library, className, &info, NameOf(property.Setter), NameOf(property.Getter));
    }

    private static void RegisterSignal(void* className, SignalDefinition signal)
    {
        var values = new NativeInfo[signal.Values.Length];
        PropertyInfo* infos = stackalloc PropertyInfo[values.Length + 1];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = new NativeInfo(signal.Values[i]);
            infos[i] = values[i].Info;
        }
        GodotApi.RegisterSignal(GodotApi.Library, className, NameOf(signal.Name), infos, values.Length);
        foreach (NativeInfo value in values) value.Dispose();
    }

    private static void* NameOf(string text) => StringNames.Get(text).Pointer;

    private static void* Keep(object definition)
    {
        GCHandle handle = GCHandle.Alloc(definition);
        s_handles.Add(handle);
        return (void*)GCHandle.ToIntPtr(handle);
    }

    /// <summary>A definition as the engine reads it, for the length of a call.</summary>
    private sealed class NativeInfo : IDisposable
    {
        private readonly nint _hintText = (nint)NativeMemory.AllocZeroed((nuint)sizeof(Opaque));

        internal NativeInfo(ValueDefinition? definition)
        {
            definition ??= new ValueDefinition("", VariantType.Nil);
            byte[] hint = Encoding.UTF8.GetBytes(definition.HintText);
            fixed (byte* bytes = hint) GodotApi.StringNewUtf8((void*)_hintText, bytes, hint.Length);
            bool isObject = definition.Type == VariantType.Object;
            Info = new PropertyInfo
            {
                Type = definition.Type,
                Name = NameOf(definition.Name),
                ClassName = NameOf(isObject ? definition.HintText : ""),
                Hint = definition.Hint,
                HintString = (void*)_hintText,
                Usage = DefaultUsage,
            };
        }

        internal PropertyInfo Info { get; }

        public void Dispose()
        {
            GodotApi.GetDestructor(VariantType.String)((void*)_hintText);
            NativeMemory.Free((void*)_hintText);
        }
    }
}
