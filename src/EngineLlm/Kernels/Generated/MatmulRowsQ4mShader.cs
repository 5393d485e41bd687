// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What matmul_rows.comp asks of the side that dispatches it.</summary>
internal static class MatmulRowsQ4mShader
{
    public const string Name = "matmul_rows_q4m";

    public const string SourceHash = "f89403bb9f090239fa2dbd83c6d2516d3f9f53d44fd638614543049e6dc324f7";

    public static readonly ShaderDescription Description = new(
        Name, "matmul_rows.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 40);

    /// <summary>Binding numbers in descriptor set 0.</summary>
    public static class Binding
    {
        public const int WeightQuads = 0;
        public const int WeightWords = 1;
        public const int InputQuads = 2;
        public const int GainQuads = 3;
        public const int Bias = 4;
        public const int StepCounts = 5;
        public const int InputRows = 6;
        public const int Output = 7;
    }

    /// <summary>Specialisation constants' ids.</summary>
    public static class Constant
    {
        public const int RowGroups = 1;
        public const int TokenTile = 2;
        public const int Norm = 3;
        public const int Gated = 4;
        public const int Bias = 5;
        public const int Residual = 6;
        public const int Gather = 7;
        public const int LocalSizeX = 8;
        public const int Gelu = 9;
        public const int SoftCap = 10;
    }

    /// <summary>Specialisation constants' values where nothing is specialised.</summary>
    public static class Default
    {
        public const int RowGroups = 1;
        public const int TokenTile = 1;
        public const bool Norm = false;
        public const bool Gated = false;
        public const bool Bias = false;
        public const bool Residual = false;
        public const bool Gather = false;
        public const uint LocalSizeX = 1u;
        public const bool Gelu = false;
        public const bool SoftCap = false;
    }

    /// <summary>The push-constant block, 40 bytes, laid out as the shader reads it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
    public struct PushConstants
    {
        public const int SizeInBytes = 40;

        [FieldOffset(0)]
        public uint CountSlot;

        [FieldOffset(4)]
        public uint GroupCount;

        [FieldOffset(8)]
        public uint BlockCount;

        [FieldOffset(12)]
        public uint ColumnCount;

        [FieldOffset(16)]
        public uint InputQuadStride;

        [FieldOffset(20)]
        public uint OutputStride;

        [FieldOffset(24)]
        public uint OutputFirstRow;

        [FieldOffset(28)]
        public uint OutputRowCount;

        [FieldOffset(32)]
        public float Epsilon;

        [FieldOffset(36)]
        public float SoftCap;
    }
}
