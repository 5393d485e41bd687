// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
// SPIR-V: shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1

#nullable enable

using System.Runtime.InteropServices;

namespace EngineLlm.Kernels.Generated;

/// <summary>What residual_add.comp asks of the side that dispatches it.</summary>
internal static class ResidualAddShader
{
    public const string Name = "residual_add";

    public const string SourceHash = "fd2c20edea4bf089d37fb2d86232459986a23548ebf5624f0a664f463a80bbbf";

    public static readonly ShaderDescription Description = new(
        Name, "residual_add.comp", SourceHash, [BindingKind.StorageBuffer, BindingKind.StorageBuffer], pushConstantSize: 4);

    /// <summary>Binding numbers in descriptor set 0.</summary>
    public static class Binding
    {
        public const int Sum = 0;
        public const int Addend = 1;
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

    /// <summary>The push-constant block, 4 bytes, laid out as the shader reads it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
    public struct PushConstants
    {
        public const int SizeInBytes = 4;

        [FieldOffset(0)]
        public uint Count;
    }
}
