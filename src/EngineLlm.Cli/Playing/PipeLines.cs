using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;

namespace EngineLlm.Cli.Playing;

/// <summary>Lines of a pipe or file, read on a thread of their own, so that the loop goes on while the pipe is silent.</summary>
internal sealed class PipeLines : ILineSource
{
    private const int MaxLineLength = 4096;

    // Bounded, so that a file of any size is read only as fast as it is answered.
    private readonly BlockingCollection<string> _lines = new(boundedCapacity: 16);

    internal PipeLines(TextReader reader) => new Thread(() => Read(reader)) { IsBackground = true, Name = "player's lines" }.Start();

    public bool IsAtEnd => _lines.IsCompleted;

    public bool TryTake(out string line) => _lines.TryTake(out line!);

    private void Read(TextReader reader)
    {
        try
        {
            while (ReadLine(reader) is { } line) _lines.Add(line);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // A pipe that breaks has ended.
        }
        finally
        {
            _lines.CompleteAdding();
        }
    }

    // Nobody types more than this; the rest of a longer line is passed over rather than kept.
    private static string? ReadLine(TextReader reader)
    {
        Span<char> line = stackalloc char[MaxLineLength];
        int length = 0, next = reader.Read();
        if (next < 0) return null;
        for (; next >= 0 && next != '\n'; next = reader.Read())
        {
            if (length < line.Length && !char.IsControl((char)next)) line[length++] = (char)next;
        }
        return new string(line[..length]);
    }
}
