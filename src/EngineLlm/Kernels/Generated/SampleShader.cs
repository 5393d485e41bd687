// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What sample.comp asks of the side that dispatches it.</summary>
internal static class SampleShader
{
    public const string Name = "sample";

    public const string SourceHash = "af4bd2375b4d8b0ff853463e865be9c33170da9bb54312bd012d83d80cade4cc";

    public static readonly ShaderDescription Description = new(
        Name, "sample.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 12);

    /// <summary>Binding numbers in descriptor set 0.</summary>
    public static class Binding
    {
        public const int Logits = 0;
        public const int SamplingRows = 1;
        public const int RecentTokens = 2;
        public const int StepCounts = 3;
        public const int Sampled = 4;
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

    /// <summary>The push-constant block, 12 bytes, laid out as the shader reads it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
    public struct PushConstants
    {
        public const int SizeInBytes = 12;

        [FieldOffset(0)]
        public uint CountSlot;

        [FieldOffset(4)]
        public uint VocabularySize;

        [FieldOffset(8)]
        public uint LogitStride;
    }
}
