// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What paged_attention.comp asks of the side that dispatches it.</summary>
internal static class PagedAttentionShader
{
    public const string Name = "paged_attention";

    public const string SourceHash = "3131a86ae1d1321ea62aaa8aa3b75a3114445cae7d849f2323686ded125f11c1";

    public static readonly ShaderDescription Description = new(
        Name, "paged_attention.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 24);

    /// <summary>Binding numbers in descriptor set 0.</summary>
    public static class Binding
    {
        public const int Queries = 0;
        public const int Keys = 1;
        public const int Values = 2;
        public const int Pages = 3;
        public const int PageOffsets = 4;
        public const int Rows = 5;
        public const int Positions = 6;
        public const int WorkItems = 7;
        public const int StepCounts = 8;
        public const int Output = 9;
        public const int Partials = 10;
    }

    /// <summary>Specialisation constants' ids.</summary>
    public static class Constant
    {
        public const int HeadSize = 0;
        public const int GroupSize = 1;
        public const int Heads = 2;
        public const int PageSize = 3;
        public const int SplitTokens = 4;
        public const int IsF32 = 6;
        public const int LocalSizeX = 7;
        public const int Window = 8;
        public const int SoftCap = 9;
    }

    /// <summary>Specialisation constants' values where nothing is specialised.</summary>
    public static class Default
    {
        public const int HeadSize = 64;
        public const int GroupSize = 1;
        public const int Heads = 1;
        public const int PageSize = 32;
        public const int SplitTokens = 256;
        public const bool IsF32 = false;
        public const uint LocalSizeX = 1u;
        public const int Window = 0;
        public const bool SoftCap = false;
    }

    /// <summary>The push-constant block, 24 bytes, laid out as the shader reads it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
    public struct PushConstants
    {
        public const int SizeInBytes = 24;

        [FieldOffset(0)]
        public uint CountSlot;

        [FieldOffset(4)]
        public uint KvHeadCount;

        [FieldOffset(8)]
        public uint QueryStride;

        [FieldOffset(12)]
        public uint OutputStride;

        [FieldOffset(16)]
        public float Scale;

        [FieldOffset(20)]
        public float SoftCap;
    }
}
