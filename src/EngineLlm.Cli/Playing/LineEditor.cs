using System;
using System.Collections.Generic;
using System.Text;

namespace EngineLlm.Cli.Playing;

/// <summary>The line that is being typed: keys in, whole lines out.</summary>
internal sealed class LineEditor
{
    private const int MaxLength = 1000;
    private readonly StringBuilder _text = new();
    private readonly List<string> _history = [];
    private int _historyIndex;

    /// <summary>The line so far.</summary>
    internal string Text => _text.ToString();

    /// <summary>Where the next character goes, from 0 to the length of the text.</summary>
    internal int Cursor { get; private set; }

    /// <summary>Whether Ctrl-D was pressed on an empty line.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>Takes one key.</summary>
    /// <returns>The finished line where the key was Enter, otherwise null.</returns>
    internal string? Press(ConsoleKeyInfo key)
    {
        // What was typed while the model was loading comes with the line feeds of a terminal that edits lines itself, which look like Ctrl-J.
        if (key.KeyChar is '\n' or '\r') return TakeLine();
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
        {
            PressControl(key.Key);
            return null;
        }
        switch (key.Key)
        {
            case ConsoleKey.Enter: return TakeLine();
            case ConsoleKey.Backspace: Delete(Cursor - 1); break;
            case ConsoleKey.Delete: Delete(Cursor); break;
            case ConsoleKey.LeftArrow: Cursor = Math.Max(0, Cursor - 1); break;
            case ConsoleKey.RightArrow: Cursor = Math.Min(_text.Length, Cursor + 1); break;
            case ConsoleKey.Home: Cursor = 0; break;
            case ConsoleKey.End: Cursor = _text.Length; break;
            case ConsoleKey.UpArrow: Recall(_historyIndex - 1); break;
            case ConsoleKey.DownArrow: Recall(_historyIndex + 1); break;
            default: Insert(key.KeyChar); break;
        }
        return null;
    }

    private void PressControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: Cursor = 0; break;
            case ConsoleKey.E: Cursor = _text.Length; break;
            case ConsoleKey.U: Replace(""); break;
            case ConsoleKey.D when _text.Length == 0: IsClosed = true; break;
            case ConsoleKey.D: Delete(Cursor); break;
            case ConsoleKey.H: Delete(Cursor - 1); break;
        }
    }

    private string TakeLine()
    {
        string line = Text;
        if (line.Trim().Length > 0) _history.Add(line);
        _historyIndex = _history.Count;
        Replace("");
        return line;
    }

    private void Insert(char c)
    {
        if (char.IsControl(c) || _text.Length == MaxLength) return;
        _text.Insert(Cursor++, c);
    }

    private void Delete(int index)
    {
        if (index < 0 || index >= _text.Length) return;
        _text.Remove(index, 1);
        if (index < Cursor) Cursor--;
    }

    private void Recall(int index)
    {
        if (index < 0 || index > _history.Count) return;
        _historyIndex = index;
        Replace(index == _history.Count ? "" : _history[index]);
    }

    private void Replace(string text)
    {
        _text.Clear().Append(text);
        Cursor = text.Length;
    }
}
