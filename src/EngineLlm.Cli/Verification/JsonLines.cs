using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EngineLlm.Cli.Verification;

/// <summary>Reads a file of one JSON object a line, a line at a time. Errors name the file and the line.</summary>
internal static class JsonLines
{
    /// <summary>The longest line that is read; the longest of the project's own references is 3 MB.</summary>
    internal const int MaxLineBytes = 256 << 20;

    /// <summary>The objects of a file with the number of the line each stands on, from 1. Empty lines are passed over.</summary>
    /// <exception cref="InputException">The file cannot be read, a line is too long, or is not such an object.</exception>
    internal static IEnumerable<(int Line, T Value)> Read<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        using FileStream stream = InputFiles.Open(path);
        var lines = new LineReader(stream, path);
        bool any = false;
        while (lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            if (IsBlank(line.Span)) continue;
            any = true;
            yield return (lines.LineNumber, Parse(path, lines.LineNumber, line.Span, type));
        }
        if (!any) throw new InputException($"{path}: the file is empty; it should hold one JSON object a line.");
    }

    private static T Parse<T>(string path, int lineNumber, ReadOnlySpan<byte> line, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new InputException(
                $"{path}:{lineNumber}: the line is null, not a JSON object.");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}:{lineNumber}: not the expected JSON object ({InputFiles.WhatJsonSays(error)}).", error);
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    /// <summary>Cuts a stream into lines. A line is valid until the next one is read.</summary>
    private sealed class LineReader
    {
        private readonly Stream _stream;
        private readonly string _path;
        private byte[] _buffer = new byte[64 << 10];
        private int _start;
        private int _end;

        internal LineReader(Stream stream, string path)
        {
            _stream = stream;
            _path = path;
        }

        internal int LineNumber { get; private set; }

        internal bool TryRead(out ReadOnlyMemory<byte> line)
        {
            int searched = 0;
            LineNumber++;
            while (true)
            {
                int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
                if (length >= 0) return Take(searched + length, 1, out line);
                searched = _end - _start;
                if (!Fill()) return Take(searched, 0, out line) && searched > 0;
            }
        }

        private bool Take(int length, int separator, out ReadOnlyMemory<byte> line)
        {
            line = _buffer.AsMemory(_start, length);
            _start += length + separator;
            return true;
        }

        private bool Fill()
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            if (_end == MaxLineBytes)
                throw new InputException(
                    $"{_path}:{LineNumber}: the line is longer than {MaxLineBytes >> 20} MiB; this is not a reference file.");
            if (_end == _buffer.Length) Array.Resize(ref _buffer, Math.Min(MaxLineBytes, _buffer.Length * 2));
            int count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            return count > 0;
        }
    }
}
