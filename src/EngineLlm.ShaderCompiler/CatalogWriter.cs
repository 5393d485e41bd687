using System.Collections.Generic;
using System.Text;

namespace EngineLlm.ShaderCompiler;

/// <summary>Writes the list of all shaders.</summary>
internal static class CatalogWriter
{
    /// <summary>The whole file's text, with \n line endings.</summary>
    public static string Write(IReadOnlyList<string> shaderNames, string compilerVersion)
    {
        var text = new StringBuilder(ClassWriter.Header);
        text.Append("\n#nullable enable\n\nnamespace EngineLlm.Kernels.Generated;\n\n");
        text.Append("/// <summary>Every compiled shader, in order of name.</summary>\n");
        text.Append("internal static class ShaderCatalog\n{\n");
        text.Append($"    public const string CompilerVersion = \"{compilerVersion}\";\n\n");
        text.Append("    public static readonly ShaderDescription[] All =\n    [\n");
        foreach (string name in shaderNames)
            text.Append($"        {CompiledShader.ClassNameOf(name)}.Description,\n");
        return text.Append("    ];\n}\n").ToString();
    }
}
