using System.Collections.Generic;
using EngineLlm.Cli.Scenes;

namespace EngineLlm.Cli.Playing;

/// <summary>How a play looks: in a terminal, or in a pipe.</summary>
internal interface IPlayView
{
    /// <summary>The curtain rises.</summary>
    /// <param name="scene">Where one is, and who is there.</param>
    /// <param name="modelName">Whose words they speak.</param>
    void Open(Scene scene, string modelName);

    /// <summary>The player has said something.</summary>
    void ShowPlayer(string line);

    /// <summary>An answer is complete, or was cut off.</summary>
    void ShowAnswer(Character character, Speech answer);

    /// <summary>Something that is not part of the play.</summary>
    void ShowNote(string text);

    /// <summary>Everyone has answered.</summary>
    void ShowSilence(PlayStatus status);

    /// <summary>A frame has passed.</summary>
    /// <param name="speaking">The characters who are speaking, with what they have said so far.</param>
    /// <param name="status">What the status line says.</param>
    void ShowFrame(IReadOnlyList<(Character Character, Speech Speech)> speaking, in PlayStatus status);
}
