// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What rope_write_pages.comp asks of the side that dispatches it.</summary>
internal static class RopeWritePagesShader
{
    public const string Name = "rope_write_pages";

    public const string SourceHash = "8667f117249c1bfa547e515baeb32e39338a7937879649ad4d3332f98d6f72ae";

    public static readonly ShaderDescription Description = new(
        Name, "rope_write_pages.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 20);

    /// <summary>Binding numbers in descriptor set 0.</summary>
    public static class Binding
    {
        public const int Heads = 0;
        public const int RopeTable = 1;
        public const int Pages = 2;
        public const int PageOffsets = 3;
        public const int Rows = 4;
        public const int Positions = 5;
        public const int StepCounts = 6;
        public const int Keys = 7;
        public const int Values = 8;
        public const int HeadGains = 9;
    }

    /// <summary>Specialisation constants' ids.</summary>
    public static class Constant
    {
        public const int LocalSizeX = 0;
        public const int HeadSize = 1;
        public const int RopeSize = 2;
        public const int PageSize = 3;
        public const int RotatesHalves = 4;
        public const int IsF32 = 5;
        public const int HeadNorm = 6;
    }

    /// <summary>Specialisation constants' values where nothing is specialised.</summary>
    public static class Default
    {
        public const uint LocalSizeX = 1u;
        public const uint HeadSize = 64u;
        public const uint RopeSize = 64u;
        public const uint PageSize = 32u;
        public const bool RotatesHalves = false;
        public const bool IsF32 = false;
        public const bool HeadNorm = false;
    }

    /// <summary>The push-constant block, 20 bytes, laid out as the shader reads it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
    public struct PushConstants
    {
        public const int SizeInBytes = 20;

        [FieldOffset(0)]
        public uint CountSlot;

        [FieldOffset(4)]
        public uint HeadCount;

        [FieldOffset(8)]
        public uint KvHeadCount;

        [FieldOffset(12)]
        public uint Stride;

        [FieldOffset(16)]
        public float Epsilon;
    }
}
