using System.Collections.Generic;

namespace EngineLlm.ShaderCompiler;

/// <summary>What a shader asks of the side that dispatches it, read from its SPIR-V.</summary>
/// <param name="Bindings">In order of number, then name. Two names may share a number when the kind is the same.</param>
/// <param name="PushConstants">In order of offset; empty where there is no block.</param>
/// <param name="PushConstantSize">Bytes, a multiple of 4.</param>
/// <param name="Constants">Specialisation constants in order of id.</param>
/// <param name="LocalSize">Invocations of a workgroup in x, y and z, or null where specialisation constants set it.</param>
internal sealed record ShaderInterface(
    IReadOnlyList<ShaderBinding> Bindings,
    IReadOnlyList<PushConstantField> PushConstants,
    int PushConstantSize,
    IReadOnlyList<SpecializationConstant> Constants,
    (int X, int Y, int Z)? LocalSize);

/// <summary>One descriptor of set 0.</summary>
internal sealed record ShaderBinding(string Name, int Number, DescriptorKind Kind);

/// <summary>One scalar, or an array of scalars, of the push-constant block.</summary>
/// <param name="Name">In PascalCase; a vector's components are fields of their own: ScaleX, ScaleY.</param>
/// <param name="Type">A C# type: uint, int, float, ulong.</param>
/// <param name="Offset">In bytes from the start of the block.</param>
/// <param name="Count">Elements of an array; 1 for a scalar.</param>
internal sealed record PushConstantField(string Name, string Type, int Offset, int Count);

/// <summary>One specialisation constant: its id, C# type and default as a C# literal.</summary>
internal sealed record SpecializationConstant(string Name, int Id, string Type, string Default);

/// <summary>Descriptor kinds, by the names that the generated code uses.</summary>
internal enum DescriptorKind
{
    StorageBuffer,
    StorageTexelBuffer,
    UniformTexelBuffer,
    UniformBuffer,
}
