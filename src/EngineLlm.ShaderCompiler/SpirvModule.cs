using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace EngineLlm.ShaderCompiler;

/// <summary>One SPIR-V instruction without its first word.</summary>
internal sealed record SpirvInstruction(SpirvOp Op, uint[] Words);

/// <summary>
/// A SPIR-V binary split into instructions, with names and decorations looked up by id.
/// Source: the SPIR-V specification, section 2.3 and 3.
/// </summary>
internal sealed class SpirvModule
{
    private const uint Magic = 0x07230203;
    private const int HeaderWords = 5;

    private readonly Dictionary<uint, SpirvInstruction> _definitions = [];
    private readonly Dictionary<uint, string> _names = [];
    private readonly Dictionary<(uint Type, uint Member), string> _memberNames = [];
    private readonly Dictionary<(uint Id, SpirvDecoration Decoration), uint> _decorations = [];
    private readonly Dictionary<(uint Type, uint Member, SpirvDecoration Decoration), uint> _memberDecorations = [];

    private SpirvModule(IReadOnlyList<SpirvInstruction> instructions)
    {
        Instructions = instructions;
        foreach (SpirvInstruction instruction in instructions)
            Index(instruction);
    }

    /// <summary>Every instruction, in order.</summary>
    public IReadOnlyList<SpirvInstruction> Instructions { get; }

    /// <summary>Splits a binary.</summary>
    /// <exception cref="ShaderException">It is not SPIR-V, or an instruction runs over its end.</exception>
    public static SpirvModule Parse(byte[] spirv)
    {
        if (spirv.Length % 4 != 0 || spirv.Length < HeaderWords * 4)
            throw new ShaderException("The compiler's output is not SPIR-V: its length is wrong.");
        uint[] words = Enumerable.Range(0, spirv.Length / 4)
            .Select(i => BinaryPrimitives.ReadUInt32LittleEndian(spirv.AsSpan(i * 4))).ToArray();
        if (words[0] != Magic)
            throw new ShaderException("The compiler's output is not SPIR-V: its first word is wrong.");
        var instructions = new List<SpirvInstruction>();
        for (int at = HeaderWords; at < words.Length;)
        {
            int length = (int)(words[at] >> 16);
            if (length == 0 || at + length > words.Length)
                throw new ShaderException($"The SPIR-V instruction at word {at} runs over the end.");
            instructions.Add(new SpirvInstruction((SpirvOp)(words[at] & 0xFFFF), words[(at + 1)..(at + length)]));
            at += length;
        }
        return new SpirvModule(instructions);
    }

    /// <summary>The instruction that makes an id.</summary>
    public SpirvInstruction Definition(uint id) =>
        _definitions.TryGetValue(id, out SpirvInstruction? definition)
            ? definition
            : throw new ShaderException($"SPIR-V id {id} is not a type, constant or variable.");

    /// <summary>The name of an id; empty where it has none.</summary>
    public string Name(uint id) => _names.GetValueOrDefault(id, "");

    /// <summary>The name of a struct's member; empty where it has none.</summary>
    public string MemberName(uint type, uint member) => _memberNames.GetValueOrDefault((type, member), "");

    /// <summary>The operand of a decoration (0 where it has none), or null where the id does not carry it.</summary>
    public uint? Decoration(uint id, SpirvDecoration decoration) =>
        _decorations.TryGetValue((id, decoration), out uint value) ? value : null;

    /// <summary>The operand of a member's decoration, or null where the member does not carry it.</summary>
    public uint? MemberDecoration(uint type, uint member, SpirvDecoration decoration) =>
        _memberDecorations.TryGetValue((type, member, decoration), out uint value) ? value : null;

    private void Index(SpirvInstruction instruction)
    {
        uint[] words = instruction.Words;
        switch (instruction.Op)
        {
            case SpirvOp.Name:
                _names[words[0]] = ReadText(words[1..]);
                break;
            case SpirvOp.MemberName:
                _memberNames[(words[0], words[1])] = ReadText(words[2..]);
                break;
            case SpirvOp.Decorate:
                _decorations[(words[0], (SpirvDecoration)words[1])] = words.Length > 2 ? words[2] : 0;
                break;
            case SpirvOp.MemberDecorate:
                _memberDecorations[(words[0], words[1], (SpirvDecoration)words[2])] = words.Length > 3 ? words[3] : 0;
                break;
            case >= SpirvOp.TypeVoid and <= SpirvOp.TypePointer:
                _definitions[words[0]] = instruction;
                break;
            case (>= SpirvOp.ConstantTrue and <= SpirvOp.SpecConstantOp) or SpirvOp.Variable:
                _definitions[words[1]] = instruction;
                break;
        }
    }

    private static string ReadText(uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), words[i]);
        int end = Array.IndexOf(bytes, (byte)0);
        return Encoding.UTF8.GetString(bytes, 0, end < 0 ? bytes.Length : end);
    }
}
