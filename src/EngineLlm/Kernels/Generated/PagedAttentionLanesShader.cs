// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What paged_attention_lanes.comp asks of the side that dispatches it.</summary>
internal static class PagedAttentionLanesShader
{
    public const string Name = "paged_attention_lanes";

    public const string SourceHash = "082be39745a05cc6efb58da7b9304207f1ad6d765f11ce7f2145851944fd71b6";

    public static readonly ShaderDescription Description = new(
        Name, "paged_attention_lanes.comp", SourceHash, [BindingKind.StorageTexelBuffer, BindingKind.StorageTexelBuffer, BindingKind.StorageTexelBuffer, BindingKind.StorageTexelBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 24);

    /// <summary>Invocations of a workgroup.</summary>
    public static class LocalSize
    {
        public const int X = 8;
        public const int Y = 1;
        public const int Z = 1;
    }

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
        public const int ChunkTokens = 5;
        public const int IsF32 = 6;
        public const int Window = 8;
        public const int SoftCap = 9;
    }

    /// <summary>Specialisation constants' values where nothing is specialised.</summary>
    public static class Default
    {
        public const int HeadSize = 64;
        public const int GroupSize = 3;
        public const int Heads = 3;
        public const int PageSize = 32;
        public const int SplitTokens = 256;
        public const int ChunkTokens = 16;
        public const bool IsF32 = false;
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
