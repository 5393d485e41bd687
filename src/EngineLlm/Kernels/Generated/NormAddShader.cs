// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What norm_add.comp asks of the side that dispatches it.</summary>
internal static class NormAddShader
{
    public const string Name = "norm_add";

    public const string SourceHash = "631df9786d8e09c73257c9c6631c7328ad8f6870f64754f5ab97246c313e2042";

    public static readonly ShaderDescription Description = new(
        Name, "norm_add.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 16);

    /// <summary>Binding numbers in descriptor set 0.</summary>
    public static class Binding
    {
        public const int Input = 0;
        public const int Gain = 1;
        public const int Stream = 2;
        public const int StepCounts = 3;
    }

    /// <summary>Specialisation constants' ids.</summary>
    public static class Constant
    {
        public const int LocalSizeX = 0;
    }

    /// <summary>Specialisation constants' values where nothing is specialised.</summary>
    public static class Default
    {
        public const uint LocalSizeX = 1u;
    }

    /// <summary>The push-constant block, 16 bytes, laid out as the shader reads it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
    public struct PushConstants
    {
        public const int SizeInBytes = 16;

        [FieldOffset(0)]
        public uint CountSlot;

        [FieldOffset(4)]
        public uint QuadStride;

        [FieldOffset(8)]
        public uint ColumnCount;

        [FieldOffset(12)]
        public float Epsilon;
    }
}
