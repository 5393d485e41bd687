using System.Collections.Generic;
using System.Linq;

namespace EngineLlm.ShaderCompiler;

/// <summary>Reads the push-constant block.</summary>
internal static class PushConstantReader
{
    /// <summary>Every Vulkan device has this many bytes; many have no more.</summary>
    public const int MaximumSize = 128;

    /// <summary>The fields in order of offset, and the block's size in bytes; nothing and 0 where there is no block.</summary>
    /// <exception cref="ShaderException">A member has a type that is not supported, or the block is too large.</exception>
    public static (IReadOnlyList<PushConstantField> Fields, int Size) Read(SpirvModule module)
    {
        SpirvInstruction[] blocks = SpirvReflection.Variables(module)
            .Where(variable => (SpirvStorageClass)variable.Words[2] == SpirvStorageClass.PushConstant).ToArray();
        if (blocks.Length == 0)
            return ([], 0);
        uint type = SpirvReflection.PointedType(module, blocks[0]);
        uint[] members = module.Definition(type).Words[1..];
        PushConstantField[] fields = members.SelectMany((member, index) => ReadMember(module, type, (uint)index, member))
            .OrderBy(field => field.Offset).ToArray();
        SpirvReflection.RequireUnique("push constant", fields.Select(field => field.Name));
        int size = fields.Max(field => field.Offset + field.Count * ScalarTypes.Size(field.Type));
        if (size > MaximumSize)
            throw new ShaderException($"the push constants are {size} bytes, and Vulkan promises only {MaximumSize}.");
        return (fields, size);
    }

    private static IEnumerable<PushConstantField> ReadMember(SpirvModule module, uint block, uint index, uint type)
    {
        string name = Names.ToPascalCase(module.MemberName(block, index));
        if (name.Length == 0)
            throw new ShaderException($"member {index} of the push constants has no name.");
        int offset = (int)(module.MemberDecoration(block, index, SpirvDecoration.Offset)
            ?? throw new ShaderException($"push constant '{name}' has no offset."));
        SpirvInstruction definition = module.Definition(type);
        return definition.Op switch
        {
            SpirvOp.TypeVector => ReadVector(module, definition, name, offset),
            SpirvOp.TypeArray => [ReadArray(module, definition, name, offset)],
            _ => [new PushConstantField(name, ScalarName(module, type, name), offset, 1)],
        };
    }

    private static IEnumerable<PushConstantField> ReadVector(SpirvModule module, SpirvInstruction vector, string name, int offset)
    {
        string scalar = ScalarName(module, vector.Words[1], name);
        return Enumerable.Range(0, (int)vector.Words[2])
            .Select(i => new PushConstantField(name + "XYZW"[i], scalar, offset + i * ScalarTypes.Size(scalar), 1));
    }

    private static PushConstantField ReadArray(SpirvModule module, SpirvInstruction array, string name, int offset)
    {
        string scalar = ScalarName(module, array.Words[1], name);
        uint count = module.Definition(array.Words[2]) is { Op: SpirvOp.Constant } length
            ? length.Words[2]
            : throw new ShaderException($"push constant '{name}': an array's length must be a plain constant.");
        if (module.Decoration(array.Words[0], SpirvDecoration.ArrayStride) != ScalarTypes.Size(scalar))
            throw new ShaderException($"push constant '{name}': the elements of an array must lie side by side.");
        return new PushConstantField(name, scalar, offset, (int)count);
    }

    private static string ScalarName(SpirvModule module, uint type, string name) =>
        ScalarTypes.Name(module, type)
        ?? throw new ShaderException($"push constant '{name}': only int, uint, float, 64-bit integers, buffer references, "
            + "their vectors and arrays are supported.");
}
