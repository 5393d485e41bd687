namespace EngineLlm.Cli;

/// <summary>One line on the error stream that says how far something is. Only a terminal sees it: a log would be full of it.</summary>
internal sealed class ProgressLine
{
    private readonly Terminal _terminal;
    private int _length;

    internal ProgressLine(Terminal terminal) => _terminal = terminal;

    internal void Show(string text)
    {
        if (!_terminal.ErrorIsTerminal) return;
        _terminal.Error.Write("\r" + text.PadRight(_length));
        _length = text.Length;
    }

    internal void Clear()
    {
        if (_length == 0) return;
        _terminal.Error.Write("\r" + new string(' ', _length) + "\r");
        _length = 0;
    }
}
