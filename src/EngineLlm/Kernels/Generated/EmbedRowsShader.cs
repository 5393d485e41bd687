// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What embed.comp asks of the side that dispatches it.</summary>
internal static class EmbedRowsShader
{
    public const string Name = "embed_rows";

    public const string SourceHash = "36248edf4b3ed080d8e90aa0126766b1826a37e2e6a3c76498782356d3e66ce4";

    public static readonly ShaderDescription Description = new(
        Name, "embed.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 28);

    /// <summary>Binding numbers in descriptor set 0.</summary>
    public static class Binding
    {
        public const int WeightQuads = 0;
        public const int WeightWords = 1;
        public const int Tokens = 2;
        public const int StepCounts = 3;
        public const int Output = 4;
    }

    /// <summary>Specialisation constants' ids.</summary>
    public static class Constant
    {
        public const int Format = 0;
        public const int LocalSizeX = 1;
    }

    /// <summary>Specialisation constants' values where nothing is specialised.</summary>
    public static class Default
    {
        public const int Format = 0;
        public const uint LocalSizeX = 1u;
    }

    /// <summary>The push-constant block, 28 bytes, laid out as the shader reads it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
    public struct PushConstants
    {
        public const int SizeInBytes = 28;

        [FieldOffset(0)]
        public uint CountSlot;

        [FieldOffset(4)]
        public uint FirstRow;

        [FieldOffset(8)]
        public uint RowCount;

        [FieldOffset(12)]
        public uint BlockCount;

        [FieldOffset(16)]
        public uint ColumnCount;

        [FieldOffset(20)]
        public uint OutputStride;

        [FieldOffset(24)]
        public float Factor;
    }
}
