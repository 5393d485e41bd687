using System;
using System.Collections.Generic;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Linq;

namespace EngineLlm.Models.Gguf;

/// <summary>
/// A GGUF (version 2 or 3) behind a memory map: metadata, tensor directory and the tensors' bytes. Everything in the file counts as hostile
/// until <see cref="Open"/> has checked it, so that whoever holds a <see cref="GgufFile"/> may trust its counts, names, shapes and offsets.
/// A model that is split over several files is one <see cref="GgufFile"/>, its first part, with the tensors of all.
/// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
/// </summary>
internal sealed unsafe class GgufFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly List<GgufTensor> _tensors = new();
    private readonly Dictionary<string, GgufTensor> _tensorsByName = new();
    private GgufFile[] _otherParts = Array.Empty<GgufFile>();
    private byte* _start;

    private GgufFile(string path, FileStream stream)
    {
        Path = path;
        FileName = System.IO.Path.GetFileName(path);
        Length = stream.Length;
        _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
        Metadata = new GgufMetadata(this);
    }

    /// <summary>The path it was opened with.</summary>
    internal string Path { get; }

    /// <summary>The name without folders, as messages show it.</summary>
    internal string FileName { get; }

    /// <summary>Bytes of this file alone.</summary>
    internal long Length { get; }

    /// <summary>How many files the model is split over; 1 where it is whole.</summary>
    internal int PartCount => 1 + _otherParts.Length;

    /// <summary>Bytes of all parts.</summary>
    internal long TotalLength
    {
        get
        {
            long bytes = Length;
            foreach (GgufFile part in _otherParts) bytes += part.Length;
            return bytes;
        }
    }

    /// <summary>The format version: 2 or 3.</summary>
    internal int Version { get; private set; }

    /// <summary>The key-value pairs.</summary>
    internal GgufMetadata Metadata { get; }

    /// <summary>The tensors, in the file's order.</summary>
    internal IReadOnlyList<GgufTensor> Tensors => _tensors;

    /// <summary>Opens and checks a file, and the other parts of a split model; any of them may be named.</summary>
    /// <exception cref="ModelFormatException">No such file, not a GGUF, truncated, a part is missing, or it contradicts itself.</exception>
    /// <exception cref="UnsupportedModelException">A tensor is of a type that this version does not know.</exception>
    internal static GgufFile Open(string path)
    {
        GgufFile file = OpenPart(path);
        try
        {
            return GgufParts.Join(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens and checks one file for itself.</summary>
    internal static GgufFile OpenPart(string path)
    {
        if (Directory.Exists(path)) throw new ModelFormatException($"{path}: this is a folder; name the .gguf file inside it.");
        if (!File.Exists(path)) throw new ModelFormatException($"{path}: no such file; check the path.");
        GgufFile file = Map(path);
        try
        {
            file.Version = GgufParser.Parse(file, file._tensors, file._tensorsByName);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static GgufFile Map(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            if (stream.Length == 0) throw new ModelFormatException($"{System.IO.Path.GetFileName(path)}: the file is empty; download it again.");
            return new GgufFile(path, stream);
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (error is not (IOException or UnauthorizedAccessException)) throw;
            throw new ModelFormatException($"{path}: cannot be read ({FirstLine(error.Message)}); check its permissions.", error);
        }
    }

    /// <summary>The tensor of that name, if there is one.</summary>
    internal bool TryGetTensor(string name, out GgufTensor tensor) => _tensorsByName.TryGetValue(name, out tensor!);

    /// <summary>Part of a tensor's bytes; tensors may be larger than a span, so the offset is long.</summary>
    internal ReadOnlySpan<byte> Data(GgufTensor tensor, long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > tensor.ByteSize - length) throw new ArgumentOutOfRangeException(nameof(offset));
        return tensor.Part.Bytes(tensor.FileOffset + offset, length);
    }

    /// <summary>The tensor's first byte; <see cref="GgufTensor.ByteSize"/> bytes are readable from there while this file is open.</summary>
    internal byte* Pointer(GgufTensor tensor)
    {
        tensor.Part.ThrowIfDisposed();
        return tensor.Part._start + tensor.FileOffset;
    }

    /// <summary>Part of the file's bytes.</summary>
    internal ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        ThrowIfDisposed();
        if (offset < 0 || length < 0 || offset > Length - length) throw new ArgumentOutOfRangeException(nameof(offset));
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>Makes this, the first part, the owner of the others and lists their tensors here.</summary>
    /// <param name="parts">All parts in order, this one first.</param>
    /// <exception cref="ModelFormatException">A tensor is in two parts.</exception>
    internal void Adopt(IReadOnlyList<GgufFile> parts)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            foreach (GgufTensor tensor in parts[i]._tensors)
            {
                if (!_tensorsByName.TryAdd(tensor.Name, tensor)) throw parts[i].Damaged($"the tensor {tensor.Name} is in another part too");
                _tensors.Add(tensor);
            }
        }
        _otherParts = parts.Skip(1).ToArray();
    }

    /// <summary>Gives the maps back; spans and pointers into them die with them.</summary>
    public void Dispose()
    {
        foreach (GgufFile part in _otherParts) part.Dispose();
        if (_start == null) return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    /// <summary>The error for a file that is not what it says it is.</summary>
    internal ModelFormatException Damaged(string what) => new($"{FileName}: {what}; the file is damaged or incomplete, download it again.");

    private void ThrowIfDisposed()
    {
        if (_start == null) throw new ObjectDisposedException(nameof(GgufFile));
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();
}
