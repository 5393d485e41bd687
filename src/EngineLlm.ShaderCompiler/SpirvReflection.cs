using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EngineLlm.ShaderCompiler;

/// <summary>Reads a shader's interface from SPIR-V that still has its names.</summary>
internal static class SpirvReflection
{
    private const uint LocalSizeMode = 17;
    private const uint LocalSizeIdMode = 38;
    private const uint WorkgroupSizeBuiltIn = 25;

    /// <summary>Reads bindings, push constants, specialisation constants and the workgroup's size.</summary>
    /// <exception cref="ShaderException">The shader uses something that the runtime has no place for; the message says what.</exception>
    public static ShaderInterface Read(byte[] spirv)
    {
        SpirvModule module = SpirvModule.Parse(spirv);
        IReadOnlyList<ShaderBinding> bindings = ReadBindings(module);
        IReadOnlyList<SpecializationConstant> constants = ReadConstants(module);
        (IReadOnlyList<PushConstantField> fields, int size) = PushConstantReader.Read(module);
        return new ShaderInterface(bindings, fields, size, constants, ReadLocalSize(module));
    }

    private static ShaderBinding[] ReadBindings(SpirvModule module)
    {
        ShaderBinding[] bindings = Variables(module)
            .Where(variable => module.Decoration(variable.Words[1], SpirvDecoration.Binding) is not null)
            .Select(variable => ReadBinding(module, variable))
            .OrderBy(binding => binding.Number).ThenBy(binding => binding.Name, StringComparer.Ordinal).ToArray();
        RequireUnique("binding", bindings.Select(binding => binding.Name));
        foreach (IGrouping<int, ShaderBinding> shared in bindings.GroupBy(binding => binding.Number))
        {
            if (shared.Select(binding => binding.Kind).Distinct().Count() > 1)
                throw new ShaderException($"binding {shared.Key} is declared with different descriptor kinds: "
                    + $"{string.Join(", ", shared)}.");
        }
        return bindings;
    }

    private static ShaderBinding ReadBinding(SpirvModule module, SpirvInstruction variable)
    {
        uint id = variable.Words[1];
        int number = (int)module.Decoration(id, SpirvDecoration.Binding)!.Value;
        uint type = PointedType(module, variable);
        string name = module.Name(id) is { Length: > 0 } own ? own : module.Name(type);
        if (name.Length == 0)
            throw new ShaderException($"binding {number} has no name: give the block or its instance one.");
        if (module.Decoration(id, SpirvDecoration.DescriptorSet) is not (null or 0))
            throw new ShaderException($"binding {number} ({name}) is not in descriptor set 0.");
        return new ShaderBinding(Names.ToPascalCase(name), number, ReadKind(module, type, (SpirvStorageClass)variable.Words[2], name));
    }

    private static DescriptorKind ReadKind(SpirvModule module, uint type, SpirvStorageClass storage, string name)
    {
        const uint BufferDimension = 5, SampledByView = 1, StorageImage = 2;
        SpirvInstruction definition = module.Definition(type);
        if (definition.Op == SpirvOp.TypeSampledImage)
            definition = module.Definition(definition.Words[1]);
        return (definition.Op, storage) switch
        {
            (SpirvOp.TypeStruct, SpirvStorageClass.StorageBuffer) => DescriptorKind.StorageBuffer,
            (SpirvOp.TypeStruct, SpirvStorageClass.Uniform) => DescriptorKind.UniformBuffer,
            (SpirvOp.TypeImage, _) when definition.Words[2] == BufferDimension && definition.Words[6] == StorageImage =>
                DescriptorKind.StorageTexelBuffer,
            (SpirvOp.TypeImage, _) when definition.Words[2] == BufferDimension && definition.Words[6] == SampledByView =>
                DescriptorKind.UniformTexelBuffer,
            _ => throw new ShaderException($"'{name}' is neither a buffer block, a uniform block nor a texel buffer "
                + "(arrays of them are not supported)."),
        };
    }

    private static SpecializationConstant[] ReadConstants(SpirvModule module)
    {
        Dictionary<uint, string> localSizeNames = LocalSizeNames(module);
        SpecializationConstant[] constants = module.Instructions
            .Where(instruction => instruction.Op is SpirvOp.SpecConstant or SpirvOp.SpecConstantTrue or SpirvOp.SpecConstantFalse)
            .Where(instruction => module.Decoration(instruction.Words[1], SpirvDecoration.SpecId) is not null)
            .Select(instruction => ReadConstant(module, instruction, localSizeNames))
            .DistinctBy(constant => (constant.Id, constant.Name))
            .OrderBy(constant => constant.Id).ToArray();
        RequireUnique("specialisation constant", constants.Select(constant => constant.Name));
        RequireUnique("specialisation constant's id", constants.Select(constant => constant.Id.ToString(CultureInfo.InvariantCulture)));
        return constants;
    }

    private static SpecializationConstant ReadConstant(
        SpirvModule module, SpirvInstruction constant, Dictionary<uint, string> localSizeNames)
    {
        uint id = constant.Words[1];
        int number = (int)module.Decoration(id, SpirvDecoration.SpecId)!.Value;
        string name = module.Name(id) is { Length: > 0 } own
            ? Names.ToPascalCase(own)
            : localSizeNames.GetValueOrDefault(id, $"Constant{number}");
        if (constant.Op != SpirvOp.SpecConstant)
            return new SpecializationConstant(name, number, "bool", constant.Op == SpirvOp.SpecConstantTrue ? "true" : "false");
        uint value = constant.Words[2];
        string type = ScalarTypes.Name(module, constant.Words[0])
            ?? throw new ShaderException($"specialisation constant {number} ({name}) is not a 32-bit scalar or a bool.");
        return new SpecializationConstant(name, number, type, type switch
        {
            "uint" => value.ToString(CultureInfo.InvariantCulture) + "u",
            "int" => ((int)value).ToString(CultureInfo.InvariantCulture),
            "float" => BitConverter.UInt32BitsToSingle(value).ToString("R", CultureInfo.InvariantCulture) + "f",
            _ => throw new ShaderException($"specialisation constant {number} ({name}) is not a 32-bit scalar or a bool."),
        });
    }

    private static Dictionary<uint, string> LocalSizeNames(SpirvModule module)
    {
        uint[] ids = WorkgroupSizeIds(module);
        return ids.Select((id, axis) => (id, axis)).DistinctBy(pair => pair.id)
            .ToDictionary(pair => pair.id, pair => "LocalSize" + "XYZ"[pair.axis]);
    }

    private static uint[] WorkgroupSizeIds(SpirvModule module)
    {
        SpirvInstruction? composite = module.Instructions.FirstOrDefault(instruction =>
            instruction.Op == SpirvOp.SpecConstantComposite
            && module.Decoration(instruction.Words[1], SpirvDecoration.BuiltIn) == WorkgroupSizeBuiltIn);
        SpirvInstruction? mode = module.Instructions.FirstOrDefault(instruction =>
            instruction.Op == SpirvOp.ExecutionModeId && instruction.Words[1] == LocalSizeIdMode);
        return composite?.Words[2..5] ?? mode?.Words[2..5] ?? [];
    }

    private static (int X, int Y, int Z)? ReadLocalSize(SpirvModule module)
    {
        bool specialised = WorkgroupSizeIds(module).Any(id => module.Decoration(id, SpirvDecoration.SpecId) is not null);
        SpirvInstruction? mode = module.Instructions.FirstOrDefault(instruction =>
            instruction.Op == SpirvOp.ExecutionMode && instruction.Words[1] == LocalSizeMode);
        return specialised || mode is null ? null : ((int)mode.Words[2], (int)mode.Words[3], (int)mode.Words[4]);
    }

    internal static IEnumerable<SpirvInstruction> Variables(SpirvModule module) =>
        module.Instructions.Where(instruction => instruction.Op == SpirvOp.Variable);

    internal static uint PointedType(SpirvModule module, SpirvInstruction variable) => module.Definition(variable.Words[0]).Words[2];

    internal static void RequireUnique(string what, IEnumerable<string> names)
    {
        string[] twice = names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key).ToArray();
        if (twice.Length > 0)
            throw new ShaderException($"two {what}s come out as '{string.Join("', '", twice)}': rename one.");
    }
}
