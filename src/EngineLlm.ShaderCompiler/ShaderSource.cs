using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace EngineLlm.ShaderCompiler;

/// <summary>One build of a source: a name for its SPIR-V and class, and the definitions it is compiled with.</summary>
internal sealed record ShaderVariant(string Name, IReadOnlyList<string> Defines);

/// <summary>One .comp file: its variants, and a hash over its text and everything it includes.</summary>
internal sealed partial class ShaderSource
{
    private ShaderSource(string fileName, string hash, IReadOnlyList<ShaderVariant> variants)
    {
        FileName = fileName;
        Hash = hash;
        Variants = variants;
    }

    /// <summary>Name of the .comp file inside the shaders folder.</summary>
    public string FileName { get; }

    /// <summary>SHA-256 in lower-case hexadecimal over names and texts of the source and its includes, line endings normalised.</summary>
    public string Hash { get; }

    /// <summary>The builds that the source asks for in its "// variant:" lines; one plain build where it has none.</summary>
    public IReadOnlyList<ShaderVariant> Variants { get; }

    /// <summary>Reads every .comp file of a folder, in order of name.</summary>
    public static IReadOnlyList<ShaderSource> ReadAll(string folder) =>
        Directory.GetFiles(folder, "*.comp")
            .Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal)
            .Select(name => Read(folder, name))
            .ToArray();

    /// <summary>Reads one .comp file and what it includes.</summary>
    public static ShaderSource Read(string folder, string fileName)
    {
        if (!FileNamePattern().IsMatch(fileName))
            throw new ShaderException($"{fileName}: a shader's name is lower_case_with_underscores.comp.");
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        ReadWithIncludes(folder, fileName, fileName, texts);
        return new ShaderSource(fileName, HashOf(texts), ReadVariants(fileName, texts[fileName]));
    }

    private static void ReadWithIncludes(string folder, string fileName, string includedBy, SortedDictionary<string, string> texts)
    {
        if (texts.ContainsKey(fileName))
            return;
        string path = Path.Combine(folder, fileName);
        if (!File.Exists(path))
            throw new ShaderException($"{includedBy}: includes '{fileName}', which is not in the shaders folder.");
        string text = File.ReadAllText(path).Replace("\r\n", "\n");
        texts.Add(fileName, text);
        foreach (Match include in IncludePattern().Matches(text))
            ReadWithIncludes(folder, include.Groups[1].Value, fileName, texts);
    }

    private static string HashOf(SortedDictionary<string, string> texts)
    {
        var all = new StringBuilder();
        foreach ((string name, string text) in texts)
            all.Append(name).Append('\n').Append(text.Length).Append('\n').Append(text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }

    private static ShaderVariant[] ReadVariants(string fileName, string text)
    {
        string stem = Path.GetFileNameWithoutExtension(fileName);
        var variants = VariantPattern().Matches(text).Select(match => ParseVariant(fileName, stem, match.Groups[1].Value)).ToArray();
        return variants.Length > 0 ? variants : [new ShaderVariant(stem, [])];
    }

    private static ShaderVariant ParseVariant(string fileName, string stem, string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0 || !SuffixPattern().IsMatch(words[0]))
            throw new ShaderException($"{fileName}: '// variant:{line}' needs a suffix in lower_case_with_digits_1, or '-'.");
        foreach (string define in words[1..])
        {
            if (!DefinePattern().IsMatch(define))
                throw new ShaderException($"{fileName}: '{define}' in '// variant:{line}' is not NAME=value.");
        }
        return new ShaderVariant(words[0] == "-" ? stem : $"{stem}_{words[0]}", words[1..]);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9]*(_[a-z0-9]+)*\.comp$")]
    private static partial Regex FileNamePattern();

    [GeneratedRegex(@"^[ \t]*#[ \t]*include[ \t]+""([^""]+)""", RegexOptions.Multiline)]
    private static partial Regex IncludePattern();

    [GeneratedRegex(@"^//[ \t]*variant:([^\n]*)$", RegexOptions.Multiline)]
    private static partial Regex VariantPattern();

    [GeneratedRegex("^(-|[a-z0-9]+(_[a-z0-9]+)*)$")]
    private static partial Regex SuffixPattern();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*(=\S+)?$")]
    private static partial Regex DefinePattern();
}
