namespace EngineLlm.ShaderCompiler;

/// <summary>SPIR-V scalars as C# types.</summary>
internal static class ScalarTypes
{
    /// <summary>The C# name of a scalar type, or null where the host cannot pass it. A buffer reference is its 64-bit address.</summary>
    public static string? Name(SpirvModule module, uint type)
    {
        SpirvInstruction definition = module.Definition(type);
        return (definition.Op, definition.Words) switch
        {
            (SpirvOp.TypeInt, [_, 32, 0]) => "uint",
            (SpirvOp.TypeInt, [_, 32, 1]) => "int",
            (SpirvOp.TypeInt, [_, 64, 0]) => "ulong",
            (SpirvOp.TypeInt, [_, 64, 1]) => "long",
            (SpirvOp.TypeFloat, [_, 32, ..]) => "float",
            (SpirvOp.TypePointer, [_, (uint)SpirvStorageClass.PhysicalStorageBuffer, _]) => "ulong",
            _ => null,
        };
    }

    /// <summary>Size in bytes of a type that <see cref="Name"/> gives.</summary>
    public static int Size(string name) => name is "ulong" or "long" ? 8 : 4;
}
