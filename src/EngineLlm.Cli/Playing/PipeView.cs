using System.Collections.Generic;
using System.IO;
using EngineLlm.Cli.Scenes;

namespace EngineLlm.Cli.Playing;

/// <summary>
/// The play as plain lines: whole answers in the order in which they end, and the status line in brackets after each exchange.
/// </summary>
internal sealed class PipeView : IPlayView
{
    private readonly TextWriter _output;

    internal PipeView(TextWriter output) => _output = output;

    public void Open(Scene scene, string modelName)
    {
        foreach (string line in SceneText.Introduction(scene)) _output.WriteLine(line);
        _output.WriteLine(SceneText.Voice(modelName));
        foreach ((Character character, string words) in SceneText.Greetings(scene)) _output.WriteLine($"{character.Name}: {words}");
        _output.WriteLine();
    }

    public void ShowPlayer(string line) => _output.WriteLine($"> {line}");

    public void ShowAnswer(Character character, Speech answer) => _output.WriteLine($"{character.Name}: {answer.FinalText}");

    public void ShowNote(string text) => _output.WriteLine(text);

    public void ShowSilence(PlayStatus status) => _output.WriteLine($"[{status}]");

    public void ShowFrame(IReadOnlyList<(Character Character, Speech Speech)> speaking, in PlayStatus status)
    {
    }
}
