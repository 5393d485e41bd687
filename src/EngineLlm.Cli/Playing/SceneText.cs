using System.Collections.Generic;
using EngineLlm.Cli.Scenes;

namespace EngineLlm.Cli.Playing;

/// <summary>What the player reads about a scene.</summary>
internal static class SceneText
{
    /// <summary>Where one is, who is there, and how to talk to them.</summary>
    internal static IEnumerable<string> Introduction(Scene scene)
    {
        yield return scene.Name;
        yield return scene.Place;
        foreach (Character character in scene.Characters)
        {
            yield return character.Role.Length == 0 ? $"  {character.Name}" : $"  {character.Name}, {character.Role}";
        }
    }

    /// <summary>What the characters say as one comes in.</summary>
    internal static IEnumerable<(Character Character, string Words)> Greetings(Scene scene)
    {
        foreach (Character character in scene.Characters)
        {
            if (character.Greeting.Length > 0) yield return (character, character.Greeting);
        }
    }

    /// <summary>Which model speaks, and how to bring another.</summary>
    internal static string Voice(string modelName) =>
        $"They speak through {VisibleText.Of(modelName)}. For another voice, bring a model: ./enginellm play --model FILE.gguf";

    /// <summary>What `help` says.</summary>
    internal static IEnumerable<string> Help(Scene scene)
    {
        string name = scene.Characters[0].Name;
        yield return $"Begin a line with a name to speak to one of them (\"{name}, ...\"); any other line is heard by everyone.";
        yield return "A new line to somebody who is still speaking cuts them off; an empty line cuts everyone off. Say 'quit' to leave.";
        if (scene.Suggestions.Count > 0) yield return "You might say:";
        foreach (string suggestion in scene.Suggestions) yield return $"  {suggestion}";
    }
}
