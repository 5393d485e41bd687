// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.

#nullable enable

namespace EngineLlm.Kernels.Generated;

/// <summary>Every compiled shader, in order of name.</summary>
internal static class ShaderCatalog
{
    public const string CompilerVersion = "shaderc 2025.2-1, spirv-tools 2025.1~rc1-1, glslang 15.1.0+1.4.309.0-1";

    public static readonly ShaderDescription[] All =
    [
        AttentionMergeShader.Description,
        EmbedLanesShader.Description,
        EmbedRowsShader.Description,
        GatedLinearUnitShader.Description,
        MatmulLanesShader.Description,
        MatmulRowsBf16Shader.Description,
        MatmulRowsF16Shader.Description,
        MatmulRowsF32Shader.Description,
        MatmulRowsFp4Shader.Description,
        MatmulRowsNl4Shader.Description,
        MatmulRowsQ2Shader.Description,
        MatmulRowsQ3Shader.Description,
        MatmulRowsQ4Shader.Description,
        MatmulRowsQ4mShader.Description,
        MatmulRowsQ5mShader.Description,
        MatmulRowsQ6Shader.Description,
        MatmulRowsQ8Shader.Description,
        NormAddShader.Description,
        PagedAttentionShader.Description,
        PagedAttentionLanesShader.Description,
        RopeWritePagesShader.Description,
        SampleShader.Description,
    ];
}
