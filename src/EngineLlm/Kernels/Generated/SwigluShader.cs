// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What swiglu.comp asks of the side that dispatches it.</summary>
internal static class SwigluShader
{
    public const string Name = "swiglu";

    public const string SourceHash = "90cab07f676395fec7ee063c7c6e76e2be03a160bd6a37515f44fe991ddb6905";

    public static readonly ShaderDescription Description = new(
        Name, "swiglu.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 12);

    /// <summary>Invocations of a workgroup.</summary>
    public static class LocalSize
    {
        public const int X = 64;
        public const int Y = 1;
        public const int Z = 1;
    }

    /// <summary>Binding numbers in descriptor set 0.</summary>
    public static class Binding
    {
        public const int Gate = 0;
        public const int Up = 1;
        public const int StepCounts = 2;
    }

    /// <summary>The push-constant block, 12 bytes, laid out as the shader reads it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
    public struct PushConstants
    {
        public const int SizeInBytes = 12;

        [FieldOffset(0)]
        public uint CountSlot;

        [FieldOffset(4)]
        public uint FeatureCount;

        [FieldOffset(8)]
        public uint Stride;
    }
}
