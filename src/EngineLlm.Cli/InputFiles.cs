using System;
using System.IO;
using System.Text.Json;

namespace EngineLlm.Cli;

/// <summary>Opens files that the user named, with errors that say what is wrong in one line.</summary>
internal static class InputFiles
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="InputException">It is not there, is a folder, or may not be read.</exception>
    internal static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path}: this is a folder; name a file.");
        if (!File.Exists(path)) throw new InputException($"{path}: no such file; check the path.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read; check its permissions.", error);
        }
    }

    /// <summary>The whole file, if it is no larger than that.</summary>
    /// <exception cref="InputException">As <see cref="Open"/>, or it is too large.</exception>
    internal static byte[] ReadAll(string path, int maxBytes)
    {
        using FileStream stream = Open(path);
        if (stream.Length > maxBytes)
            throw new InputException($"{path}: the file is larger than {maxBytes >> 20} MiB, so it cannot be what is wanted here.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The serialiser's complaint without its position, which counts from 0 and says $ for the top.</summary>
    internal static string WhatJsonSays(JsonException error)
    {
        string message = error.Message;
        int position = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (position < 0) position = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        string what = (position < 0 ? message : message[..position]).TrimEnd('.', ' ', '|');
        return string.IsNullOrEmpty(error.Path) || error.Path == "$" ? what : $"{what}, at {error.Path}";
    }
}
