using System;
using EngineLlm.Cli.Playing;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class LineEditorTests
{
    [Test]
    public void EnterGivesTheLineAndClearsIt()
    {
        var editor = new LineEditor();
        Type(editor, "hello");
        Assert.That(Press(editor, ConsoleKey.Enter), Is.EqualTo("hello"));
        Assert.That(editor.Text, Is.Empty);
        Assert.That(editor.Cursor, Is.Zero);
    }

    [Test]
    public void ALineTypedWhileLoadingEndsAsWell()
    {
        var editor = new LineEditor();
        Type(editor, "hello");
        Assert.That(editor.Press(new ConsoleKeyInfo('\n', ConsoleKey.J, shift: false, alt: false, control: true)), Is.EqualTo("hello"));
    }

    [Test]
    public void KeysEditWhereTheCursorIs()
    {
        var editor = new LineEditor();
        Type(editor, "Mra");
        Press(editor, ConsoleKey.LeftArrow);
        Press(editor, ConsoleKey.LeftArrow);
        Type(editor, "i");
        Press(editor, ConsoleKey.End);
        Type(editor, "x");
        Press(editor, ConsoleKey.Backspace);
        Assert.That(editor.Text, Is.EqualTo("Mira"));
        Press(editor, ConsoleKey.Home);
        Press(editor, ConsoleKey.Backspace);
        Press(editor, ConsoleKey.Delete);
        Assert.That(editor.Text, Is.EqualTo("ira"));
    }

    [Test]
    public void EarlierLinesComeBack()
    {
        var editor = new LineEditor();
        foreach (string line in new[] { "one", "two" })
        {
            Type(editor, line);
            Press(editor, ConsoleKey.Enter);
        }
        Press(editor, ConsoleKey.UpArrow);
        Assert.That(editor.Text, Is.EqualTo("two"));
        Press(editor, ConsoleKey.UpArrow);
        Press(editor, ConsoleKey.UpArrow);
        Assert.That(editor.Text, Is.EqualTo("one"));
        Press(editor, ConsoleKey.DownArrow);
        Press(editor, ConsoleKey.DownArrow);
        Assert.That(editor.Text, Is.Empty);
    }

    [Test]
    public void ControlDClosesOnlyAnEmptyLine()
    {
        var editor = new LineEditor();
        Type(editor, "a");
        Press(editor, ConsoleKey.D, ConsoleModifiers.Control);
        Assert.That(editor.IsClosed, Is.False);
        Press(editor, ConsoleKey.U, ConsoleModifiers.Control);
        Press(editor, ConsoleKey.D, ConsoleModifiers.Control);
        Assert.That(editor.IsClosed, Is.True);
    }

    [Test]
    public void ControlCharactersAreNotTyped()
    {
        var editor = new LineEditor();
        Type(editor, "a\u001b\u0007b");
        Assert.That(editor.Text, Is.EqualTo("ab"));
    }

    private static void Type(LineEditor editor, string text)
    {
        foreach (char c in text) editor.Press(new ConsoleKeyInfo(c, ConsoleKey.None, shift: false, alt: false, control: false));
    }

    private static string? Press(LineEditor editor, ConsoleKey key, ConsoleModifiers modifiers = ConsoleModifiers.None) =>
        editor.Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: modifiers.HasFlag(ConsoleModifiers.Control)));
}
