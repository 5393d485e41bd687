using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EngineLlm.Cli.Scenes;

/// <summary>Reads scenes: the one built into the program, and files that a player names.</summary>
internal static class SceneReader
{
    private const int MaxFileBytes = 1 << 20;
    private const int MaxCharacters = 16;
    private const int MaxNameLength = 32;
    private const int MaxTextLength = 8000;
    private const int MaxExamples = 16;
    private const string BuiltInName = "scene.json";

    /// <summary>The scene of samples/tavern.</summary>
    internal static Scene BuiltIn()
    {
        using Stream stream = typeof(SceneReader).Assembly.GetManifestResourceStream(BuiltInName)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Parse(copy.ToArray(), BuiltInName);
    }

    /// <summary>Reads a scene file.</summary>
    /// <exception cref="InputException">It cannot be read, is no scene, or breaks a rule; the message says which.</exception>
    internal static Scene Read(string path) => Parse(InputFiles.ReadAll(path, MaxFileBytes), path);

    /// <summary>Parses and checks a scene.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="source">What to call it in errors.</param>
    internal static Scene Parse(ReadOnlySpan<byte> utf8, string source)
    {
        Scene? scene;
        try
        {
            scene = JsonSerializer.Deserialize(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, SceneJson.Default.Scene);
        }
        catch (JsonException error)
        {
            string place = error.LineNumber is { } line ? $"{source}:{line + 1}" : source;
            throw new InputException($"{place}: not a scene ({InputFiles.WhatJsonSays(error)}).", error);
        }
        Check(scene ?? throw new InputException($"{source}: not a scene, but null."), source);
        return scene;
    }

    private static void Check(Scene scene, string source)
    {
        CheckText(scene.Name, "'name'", MaxNameLength * 2, required: true);
        CheckText(scene.Place, "'place'", MaxTextLength, required: true);
        CheckText(scene.Setting, "'setting'", MaxTextLength, required: false);
        if (scene.Characters is not { Count: >= 1 and <= MaxCharacters }) throw Bad($"'characters' needs 1 to {MaxCharacters} entries");
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (Character character in scene.Characters)
        {
            if (character is null) throw Bad("a character is null");
            CheckCharacter(character);
            if (!names.Add(character.Name)) throw Bad($"two characters are called '{character.Name}'");
        }
        foreach (string suggestion in scene.Suggestions ?? throw Bad("'suggestions' is null"))
            CheckText(suggestion, "a suggestion", MaxTextLength, required: true);

        void CheckCharacter(Character character)
        {
            CheckText(character.Name, "a character's 'name'", MaxNameLength, required: true);
            if (!Array.TrueForAll(character.Name.ToCharArray(), char.IsLetterOrDigit))
                throw Bad($"the name '{character.Name}' should be one word of letters and digits");
            if (Addressing.IsReserved(character.Name))
                throw Bad($"a character cannot be called '{character.Name}', which is a command here");
            CheckText(character.Role, $"the 'role' of {character.Name}", MaxTextLength, required: false);
            CheckText(character.Persona, $"the 'persona' of {character.Name}", MaxTextLength, required: true);
            if (character.Examples is not { Count: <= MaxExamples }) throw Bad($"the 'examples' of {character.Name} are null or more than {MaxExamples}");
            foreach (Example example in character.Examples)
            {
                CheckText(example?.Player, $"'player' in an example of {character.Name}", MaxTextLength, required: true);
                CheckText(example?.Character, $"'character' in an example of {character.Name}", MaxTextLength, required: true);
            }
            CheckText(character.Greeting, $"the 'greeting' of {character.Name}", MaxTextLength, required: false);
        }

        void CheckText(string? text, string what, int maxLength, bool required)
        {
            if (text is null || (required && string.IsNullOrWhiteSpace(text))) throw Bad($"{what} is missing or empty");
            if (text.Length > maxLength) throw Bad($"{what} has {text.Length} characters, where {maxLength} are allowed");
            if (Array.Exists(text.ToCharArray(), c => char.IsControl(c) && c is not '\n'))
                throw Bad($"{what} has a control character in it");
        }

        InputException Bad(string what) => new($"{source}: {what}.");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(Scene))]
internal sealed partial class SceneJson : JsonSerializerContext;
