using System;

namespace EngineLlm.Native.Godot.Interop;

/// <summary>The functions of the GDExtension interface that are used here, as the engine hands them over. All exist since 4.4.</summary>
internal static unsafe class GodotApi
{
    internal static void* Library;

    internal static delegate* unmanaged<byte*, byte*, byte*, byte*, int, byte, void> PrintErrorWithMessage;

    internal static delegate* unmanaged<void*, void> VariantNewNil, VariantDestroy;
    internal static delegate* unmanaged<void*, VariantType> VariantGetType;
    internal static delegate* unmanaged<void*, void*, void> VariantStringify;
    internal static delegate* unmanaged<void*, void*, void**, long, void*, CallError*, void> VariantCall;
    internal static delegate* unmanaged<VariantType, void*, void**, int, CallError*, void> VariantConstruct;
    internal static delegate* unmanaged<void*, long, void*, byte*, byte*, void> VariantGetIndexed;
    internal static delegate* unmanaged<void*, void*, void*, byte*, void> VariantSet;
    internal static delegate* unmanaged<VariantType, delegate* unmanaged<void*, void*, void>> GetVariantFromType, GetVariantToType;
    internal static delegate* unmanaged<VariantType, delegate* unmanaged<void*, void>> GetDestructor;

    internal static delegate* unmanaged<void*, byte*, long, void> StringNewUtf8;
    internal static delegate* unmanaged<void*, char*, long, void> StringNewUtf16;
    internal static delegate* unmanaged<void*, char*, long, long> StringToUtf16;
    internal static delegate* unmanaged<void*, byte*, void> StringNameNewUtf8;

    internal static delegate* unmanaged<void*, void*> ConstructObject, GetSingleton;
    internal static delegate* unmanaged<void*, void*, long, void*> GetMethodBind;
    internal static delegate* unmanaged<void*, void*, void**, long, void*, CallError*, void> MethodBindCall;
    internal static delegate* unmanaged<void*, void*, void**, void*, void> MethodBindPointerCall;
    internal static delegate* unmanaged<void*, void*, void*, void> ObjectSetInstance;
    internal static delegate* unmanaged<void*, void*, void> RefSetObject;

    internal static delegate* unmanaged<void*, void*, void*, ClassCreationInfo*, void> RegisterClass;
    internal static delegate* unmanaged<void*, void*, MethodInfo*, void> RegisterMethod;
    internal static delegate* unmanaged<void*, void*, PropertyInfo*, void*, void*, void> RegisterProperty;
    internal static delegate* unmanaged<void*, void*, void*, PropertyInfo*, long, void> RegisterSignal;
    internal static delegate* unmanaged<void*, void*, void*, void*, long, byte, void> RegisterConstant;
    internal static delegate* unmanaged<void*, void*, void> UnregisterClass;
    internal static delegate* unmanaged<byte*, long, void> LoadHelp;

    private static delegate* unmanaged<byte*, void*> s_getProcAddress;
    private static bool s_isComplete;

    /// <summary>Takes the functions from the engine.</summary>
    /// <param name="getProcAddress">Gives a function by its name, or null.</param>
    /// <param name="library">What the engine calls this extension.</param>
    /// <returns>False where the engine lacks one of them: it is older than 4.4.</returns>
    internal static bool Load(delegate* unmanaged<byte*, void*> getProcAddress, void* library)
    {
        Library = library;
        s_getProcAddress = getProcAddress;
        s_isComplete = true;
        PrintErrorWithMessage = (delegate* unmanaged<byte*, byte*, byte*, byte*, int, byte, void>)Find("print_error_with_message"u8);
        LoadVariants();
        LoadTexts();
        LoadObjects();
        LoadRegistration();
        return s_isComplete;
    }

    private static void LoadVariants()
    {
        VariantNewNil = (delegate* unmanaged<void*, void>)Find("variant_new_nil"u8);
        VariantDestroy = (delegate* unmanaged<void*, void>)Find("variant_destroy"u8);
        VariantGetType = (delegate* unmanaged<void*, VariantType>)Find("variant_get_type"u8);
        VariantStringify = (delegate* unmanaged<void*, void*, void>)Find("variant_stringify"u8);
        VariantCall = (delegate* unmanaged<void*, void*, void**, long, void*, CallError*, void>)Find("variant_call"u8);
        VariantConstruct = (delegate* unmanaged<VariantType, void*, void**, int, CallError*, void>)Find("variant_construct"u8);
        VariantGetIndexed = (delegate* unmanaged<void*, long, void*, byte*, byte*, void>)Find("variant_get_indexed"u8);
        VariantSet = (delegate* unmanaged<void*, void*, void*, byte*, void>)Find("variant_set"u8);
        GetVariantFromType = (delegate* unmanaged<VariantType, delegate* unmanaged<void*, void*, void>>)
            Find("get_variant_from_type_constructor"u8);
        GetVariantToType = (delegate* unmanaged<VariantType, delegate* unmanaged<void*, void*, void>>)
            Find("get_variant_to_type_constructor"u8);
        GetDestructor = (delegate* unmanaged<VariantType, delegate* unmanaged<void*, void>>)Find("variant_get_ptr_destructor"u8);
    }

    private static void LoadTexts()
    {
        StringNewUtf8 = (delegate* unmanaged<void*, byte*, long, void>)Find("string_new_with_utf8_chars_and_len"u8);
        StringNewUtf16 = (delegate* unmanaged<void*, char*, long, void>)Find("string_new_with_utf16_chars_and_len"u8);
        StringToUtf16 = (delegate* unmanaged<void*, char*, long, long>)Find("string_to_utf16_chars"u8);
        StringNameNewUtf8 = (delegate* unmanaged<void*, byte*, void>)Find("string_name_new_with_utf8_chars"u8);
    }

    private static void LoadObjects()
    {
        ConstructObject = (delegate* unmanaged<void*, void*>)Find("classdb_construct_object2"u8);
        GetSingleton = (delegate* unmanaged<void*, void*>)Find("global_get_singleton"u8);
        GetMethodBind = (delegate* unmanaged<void*, void*, long, void*>)Find("classdb_get_method_bind"u8);
        MethodBindCall = (delegate* unmanaged<void*, void*, void**, long, void*, CallError*, void>)Find("object_method_bind_call"u8);
        MethodBindPointerCall = (delegate* unmanaged<void*, void*, void**, void*, void>)Find("object_method_bind_ptrcall"u8);
        ObjectSetInstance = (delegate* unmanaged<void*, void*, void*, void>)Find("object_set_instance"u8);
        RefSetObject = (delegate* unmanaged<void*, void*, void>)Find("ref_set_object"u8);
    }

    private static void LoadRegistration()
    {
        RegisterClass = (delegate* unmanaged<void*, void*, void*, ClassCreationInfo*, void>)
            Find("classdb_register_extension_class4"u8);
        RegisterMethod = (delegate* unmanaged<void*, void*, MethodInfo*, void>)Find("classdb_register_extension_class_method"u8);
        RegisterProperty = (delegate* unmanaged<void*, void*, PropertyInfo*, void*, void*, void>)
            Find("classdb_register_extension_class_property"u8);
        RegisterSignal = (delegate* unmanaged<void*, void*, void*, PropertyInfo*, long, void>)
            Find("classdb_register_extension_class_signal"u8);
        RegisterConstant = (delegate* unmanaged<void*, void*, void*, void*, long, byte, void>)
            Find("classdb_register_extension_class_integer_constant"u8);
        UnregisterClass = (delegate* unmanaged<void*, void*, void>)Find("classdb_unregister_extension_class"u8);
        LoadHelp = (delegate* unmanaged<byte*, long, void>)Find("editor_help_load_xml_from_utf8_chars_and_len"u8);
    }

    private static void* Find(ReadOnlySpan<byte> name)
    {
        void* function;
        fixed (byte* text = name) function = s_getProcAddress(text);
        s_isComplete &= function != null;
        return function;
    }
}
