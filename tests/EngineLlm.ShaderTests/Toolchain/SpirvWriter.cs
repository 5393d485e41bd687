using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using EngineLlm.ShaderCompiler;

namespace EngineLlm.ShaderTests.Toolchain;

/// <summary>Writes SPIR-V by hand, so that reflection can be shown modules that no compiler would give it.</summary>
internal sealed class SpirvWriter
{
    private readonly List<uint> _words = [0x07230203, 0x00010500, 0, 1000, 0];

    public SpirvWriter Add(SpirvOp op, params uint[] words)
    {
        _words.Add((uint)(words.Length + 1) << 16 | (uint)op);
        _words.AddRange(words);
        return this;
    }

    public SpirvWriter Name(uint id, string name) => Add(SpirvOp.Name, [id, .. Text(name)]);

    public SpirvWriter MemberName(uint type, uint member, string name) => Add(SpirvOp.MemberName, [type, member, .. Text(name)]);

    public SpirvWriter Decorate(uint id, SpirvDecoration decoration, params uint[] operands) =>
        Add(SpirvOp.Decorate, [id, (uint)decoration, .. operands]);

    public SpirvWriter Offset(uint type, uint member, uint bytes) =>
        Add(SpirvOp.MemberDecorate, type, member, (uint)SpirvDecoration.Offset, bytes);

    /// <summary>A variable of a new pointer type; the pointer's id is the variable's plus 100.</summary>
    public SpirvWriter Variable(uint id, SpirvStorageClass storage, uint type) =>
        Add(SpirvOp.TypePointer, id + 100, (uint)storage, type).Add(SpirvOp.Variable, id + 100, id, (uint)storage);

    public byte[] ToBytes()
    {
        var bytes = new byte[_words.Count * 4];
        for (int i = 0; i < _words.Count; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), _words[i]);
        return bytes;
    }

    private static uint[] Text(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) / 4 * 4 + 4];
        Encoding.UTF8.GetBytes(text, bytes);
        var words = new uint[bytes.Length / 4];
        for (int i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i * 4));
        return words;
    }
}
