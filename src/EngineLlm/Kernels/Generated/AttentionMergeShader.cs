// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What attention_merge.comp asks of the side that dispatches it.</summary>
internal static class AttentionMergeShader
{
    public const string Name = "attention_merge";

    public const string SourceHash = "36448eadbd453642d9c82d41e288e31c807def07ee7a0b77fc66080eaaa85820";

    public static readonly ShaderDescription Description = new(
        Name, "attention_merge.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 16);

    /// <summary>Binding numbers in descriptor set 0.</summary>
    public static class Binding
    {
        public const int Partials = 0;
        public const int MergeItems = 1;
        public const int Positions = 2;
        public const int StepCounts = 3;
        public const int Output = 4;
    }

    /// <summary>Specialisation constants' ids.</summary>
    public static class Constant
    {
        public const int LocalSizeX = 0;
        public const int SplitTokens = 1;
        public const int Window = 2;
    }

    /// <summary>Specialisation constants' values where nothing is specialised.</summary>
    public static class Default
    {
        public const uint LocalSizeX = 1u;
        public const uint SplitTokens = 256u;
        public const uint Window = 0u;
    }

    /// <summary>The push-constant block, 16 bytes, laid out as the shader reads it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
    public struct PushConstants
    {
        public const int SizeInBytes = 16;

        [FieldOffset(0)]
        public uint CountSlot;

        [FieldOffset(4)]
        public uint HeadCount;

        [FieldOffset(8)]
        public uint HeadSize;

        [FieldOffset(12)]
        public uint OutputStride;
    }
}
