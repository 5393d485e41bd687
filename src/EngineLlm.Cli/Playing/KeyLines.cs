using System;
using System.Collections.Concurrent;
using System.Threading;

namespace EngineLlm.Cli.Playing;

/// <summary>
/// Lines typed in a terminal. Keys are read on a thread of their own, which blocks in the read: polling for keys would let the terminal
/// echo what is typed between two polls.
/// </summary>
internal sealed class KeyLines : ILineSource
{
    private readonly ConcurrentQueue<ConsoleKeyInfo> _keys = new();

    internal KeyLines() => new Thread(ReadKeys) { IsBackground = true, Name = "player's keys" }.Start();

    /// <summary>The line being typed.</summary>
    internal LineEditor Editor { get; } = new();

    /// <summary>Counts the keys, so that a view knows when to draw.</summary>
    internal int KeyCount { get; private set; }

    public bool IsAtEnd => Editor.IsClosed;

    public bool TryTake(out string line)
    {
        line = "";
        while (!IsAtEnd && _keys.TryDequeue(out ConsoleKeyInfo key))
        {
            KeyCount++;
            if (Editor.Press(key) is not { } finished) continue;
            line = finished;
            return true;
        }
        return false;
    }

    private void ReadKeys()
    {
        while (true) _keys.Enqueue(Console.ReadKey(intercept: true));
    }
}
