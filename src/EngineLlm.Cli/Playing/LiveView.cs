using System;
using System.Collections.Generic;
using EngineLlm.Cli.Scenes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EngineLlm.Cli.Playing;

/// <summary>
/// The play in a terminal. What is over scrolls away above; below it stand the answers in progress side by side, the status line and the
/// line being typed.
/// </summary>
internal sealed class LiveView : IPlayView
{
    private const int FramesPerDraw = 4;
    private const int NarrowestPanel = 28;
    private static readonly Color[] s_colors =
        [Color.Gold1, Color.DeepSkyBlue1, Color.Plum1, Color.LightGreen, Color.Salmon1, Color.Turquoise2];

    private static readonly Style s_dim = new(Color.Grey);
    private readonly IAnsiConsole _console;
    private readonly KeyLines _lines;
    private readonly Dictionary<string, Style> _styles = [];
    private LiveDisplayContext? _context;
    private int _frame;
    private int _drawnKeys = -1;

    internal LiveView(IAnsiConsole console, KeyLines lines)
    {
        _console = console;
        _lines = lines;
    }

    /// <summary>Runs a loop with the live part of the screen open.</summary>
    internal void Run(Action loop)
    {
        _console.Live(new Text("")).AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top).Start(context =>
        {
            _context = context;
            loop();
        });
    }

    public void Open(Scene scene, string modelName)
    {
        for (int i = 0; i < scene.Characters.Count; i++) _styles[scene.Characters[i].Name] = new Style(s_colors[i % s_colors.Length]);
        WriteAbove(new Text(scene.Name + "\n", new Style(decoration: Decoration.Bold)));
        WriteAbove(new Text(scene.Place + "\n\n"));
        foreach (Character character in scene.Characters)
        {
            string role = character.Role.Length == 0 ? "" : $", {character.Role}";
            WriteAbove(new Paragraph().Append($"  {character.Name}", _styles[character.Name]).Append($"{role}\n"));
        }
        WriteAbove(new Text("\n"));
        WriteAbove(new Text(SceneText.Voice(modelName) + "\n", s_dim));
        foreach (string line in SceneText.Help(scene)) WriteAbove(new Text(line + "\n", s_dim));
        WriteAbove(new Text("\n"));
        foreach ((Character character, string words) in SceneText.Greetings(scene)) ShowWords(character, words);
    }

    public void ShowPlayer(string line) => WriteAbove(new Text($"> {line}\n", new Style(decoration: Decoration.Bold)));

    public void ShowAnswer(Character character, Speech answer) => ShowWords(character, answer.FinalText);

    public void ShowNote(string text) => WriteAbove(new Text(text + "\n", s_dim));

    public void ShowSilence(PlayStatus status) => _drawnKeys = -1;

    public void ShowFrame(IReadOnlyList<(Character Character, Speech Speech)> speaking, in PlayStatus status)
    {
        // A terminal shows no more than a few pictures a second, and each costs a frame some time. What is typed shows at once.
        if (++_frame % FramesPerDraw != 0 && _drawnKeys == _lines.KeyCount) return;
        _drawnKeys = _lines.KeyCount;
        var rows = new List<IRenderable>();
        if (speaking.Count > 0) rows.Add(Panels(speaking));
        rows.Add(new Text(Fit(status.ToString()), s_dim));
        rows.Add(Prompt());
        _context?.UpdateTarget(new Rows(rows));
    }

    private void ShowWords(Character character, string words) =>
        WriteAbove(new Paragraph().Append($"{character.Name}: ", _styles[character.Name]).Append(words + "\n"));

    private void WriteAbove(IRenderable content) => _console.Write(new ClearingBelow(content));

    private IRenderable Panels(IReadOnlyList<(Character Character, Speech Speech)> speaking)
    {
        int columns = Math.Clamp(_console.Profile.Width / NarrowestPanel, 1, speaking.Count);
        var grid = new Grid();
        for (int i = 0; i < columns; i++)
            grid.AddColumn(new GridColumn { Padding = new Padding(0), Width = _console.Profile.Width / columns });
        for (int start = 0; start < speaking.Count; start += columns)
        {
            var cells = new IRenderable[Math.Min(columns, speaking.Count - start)];
            for (int i = 0; i < cells.Length; i++) cells[i] = PanelOf(speaking[start + i]);
            grid.AddRow(cells);
        }
        return grid;
    }

    private Panel PanelOf((Character Character, Speech Speech) speech) => new(new Text(speech.Speech.Shown))
    {
        Header = new PanelHeader($" {Markup.Escape(speech.Character.Name)} "),
        Border = BoxBorder.Rounded,
        BorderStyle = _styles[speech.Character.Name],
        Expand = true,
    };

    private Paragraph Prompt()
    {
        string text = _lines.Editor.Text + " ";
        int cursor = _lines.Editor.Cursor;
        int width = Math.Max(8, _console.Profile.Width - 4);
        int start = Math.Max(0, cursor - width + 1);
        int end = Math.Min(text.Length, start + width);
        return new Paragraph()
            .Append("> ", new Style(decoration: Decoration.Bold))
            .Append(text[start..cursor])
            .Append(text[cursor].ToString(), new Style(decoration: Decoration.Invert))
            .Append(text[(cursor + 1)..end]);
    }

    private string Fit(string text) => text.Length < _console.Profile.Width ? text : text[..Math.Max(0, _console.Profile.Width - 1)];
}
