// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What gated_linear_unit.comp asks of the side that dispatches it.</summary>
internal static class GatedLinearUnitShader
{
    public const string Name = "gated_linear_unit";

    public const string SourceHash = "3b523df13bce0beb4bf8fd0e5c3915d691954769fc12f3507193946f2d51e72f";

    public static readonly ShaderDescription Description = new(
        Name, "gated_linear_unit.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 12);

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

    /// <summary>Specialisation constants' ids.</summary>
    public static class Constant
    {
        public const int Gelu = 0;
    }

    /// <summary>Specialisation constants' values where nothing is specialised.</summary>
    public static class Default
    {
        public const bool Gelu = false;
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
