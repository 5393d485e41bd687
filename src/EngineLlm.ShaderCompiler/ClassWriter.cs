using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace EngineLlm.ShaderCompiler;

/// <summary>Everything that is known of one compiled shader.</summary>
internal sealed record CompiledShader(string Name, string Source, string Hash, string CompilerVersion, ShaderInterface Interface)
{
    /// <summary>Name of the generated class.</summary>
    public string ClassName => ClassNameOf(Name);

    /// <summary>Name of the class that is generated for a shader.</summary>
    public static string ClassNameOf(string name) => Names.ToPascalCase(name) + "Shader";
}

/// <summary>Writes the C# class of one shader.</summary>
internal static class ClassWriter
{
    private const string Indent = "    ";

    /// <summary>First line of every generated file.</summary>
    public const string Header = "// Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.\n";

    /// <summary>Marks the line that says which compiler made the SPIR-V.</summary>
    public const string CompilerPrefix = "// SPIR-V: ";

    /// <summary>Whether a generated file is of this source and this compiler, so that compiling again would change nothing.</summary>
    public static bool IsCurrent(string text, string hash, string compilerVersion) =>
        text.StartsWith(Header + CompilerPrefix + compilerVersion + "\n", StringComparison.Ordinal)
        && text.Contains($"SourceHash = \"{hash}\";", StringComparison.Ordinal);

    /// <summary>The whole file's text, with \n line endings.</summary>
    public static string Write(CompiledShader shader)
    {
        ShaderInterface face = shader.Interface;
        var text = new StringBuilder(Header);
        text.Append(CompilerPrefix).Append(shader.CompilerVersion).Append('\n');
        text.Append("\n#nullable enable\n\n");
        if (face.PushConstants.Count > 0)
            text.Append("using System.Runtime.InteropServices;\n\n");
        text.Append("namespace EngineLlm.Kernels.Generated;\n\n");
        text.Append($"/// <summary>What {shader.Source} asks of the side that dispatches it.</summary>\n");
        text.Append($"internal static class {shader.ClassName}\n{{\n");
        text.Append(string.Join("\n", Members(shader).Select(Block)));
        return text.Append("}\n").ToString();
    }

    private static string Block(IEnumerable<string> lines) =>
        string.Concat(lines.Select(line => line.Length == 0 ? "\n" : Indent + line + "\n"));

    private static IEnumerable<IEnumerable<string>> Members(CompiledShader shader)
    {
        ShaderInterface face = shader.Interface;
        yield return [$"public const string Name = \"{shader.Name}\";"];
        yield return [$"public const string SourceHash = \"{shader.Hash}\";"];
        yield return
        [
            "public static readonly ShaderDescription Description = new(",
            $"{Indent}Name, \"{shader.Source}\", SourceHash, [{string.Join(", ", KindsByNumber(face))}], "
                + $"pushConstantSize: {face.PushConstantSize});",
        ];
        if (face.LocalSize is { } size)
            yield return Class("LocalSize", "Invocations of a workgroup.", [Int("X", size.X), Int("Y", size.Y), Int("Z", size.Z)]);
        if (face.Bindings.Count > 0)
            yield return Class("Binding", "Binding numbers in descriptor set 0.", face.Bindings.Select(b => Int(b.Name, b.Number)));
        if (face.Constants.Count > 0)
        {
            yield return Class("Constant", "Specialisation constants' ids.", face.Constants.Select(c => Int(c.Name, c.Id)));
            yield return Class("Default", "Specialisation constants' values where nothing is specialised.",
                face.Constants.Select(c => (c.Type, c.Name, c.Default)));
        }
        if (face.PushConstants.Count > 0)
            yield return PushConstants(face);
    }

    private static IEnumerable<string> KindsByNumber(ShaderInterface face)
    {
        Dictionary<int, DescriptorKind> kinds = face.Bindings.DistinctBy(b => b.Number).ToDictionary(b => b.Number, b => b.Kind);
        int count = kinds.Count == 0 ? 0 : kinds.Keys.Max() + 1;
        return Enumerable.Range(0, count)
            .Select(number => "BindingKind." + (kinds.TryGetValue(number, out DescriptorKind kind) ? kind.ToString() : "None"));
    }

    private static (string Type, string Name, string Value) Int(string name, int value) => ("int", name, $"{value}");

    private static IEnumerable<string> Class(
        string name, string summary, IEnumerable<(string Type, string Name, string Value)> constants) =>
    [
        $"/// <summary>{summary}</summary>",
        $"public static class {name}",
        "{",
        .. constants.Select(constant => $"{Indent}public const {constant.Type} {constant.Name} = {constant.Value};"),
        "}",
    ];

    private static IEnumerable<string> PushConstants(ShaderInterface face) =>
    [
        $"/// <summary>The push-constant block, {face.PushConstantSize} bytes, laid out as the shader reads it.</summary>",
        "[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]",
        $"public {(face.PushConstants.Any(field => field.Count > 1) ? "unsafe " : "")}struct PushConstants",
        "{",
        $"{Indent}public const int SizeInBytes = {face.PushConstantSize};",
        .. face.PushConstants.SelectMany(Field),
        "}",
    ];

    private static IEnumerable<string> Field(PushConstantField field) =>
    [
        "",
        $"{Indent}[FieldOffset({field.Offset})]",
        field.Count == 1 ? $"{Indent}public {field.Type} {field.Name};" : $"{Indent}public fixed {field.Type} {field.Name}[{field.Count}];",
    ];
}
