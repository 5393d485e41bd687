namespace EngineLlm.ShaderCompiler;

/// <summary>Instruction numbers that reflection looks at (SPIR-V specification, section 3.52).</summary>
internal enum SpirvOp
{
    Name = 5,
    MemberName = 6,
    ExecutionMode = 16,
    TypeVoid = 19,
    TypeBool = 20,
    TypeInt = 21,
    TypeFloat = 22,
    TypeVector = 23,
    TypeImage = 25,
    TypeSampledImage = 27,
    TypeArray = 28,
    TypeRuntimeArray = 29,
    TypeStruct = 30,
    TypePointer = 32,
    ConstantTrue = 41,
    Constant = 43,
    SpecConstantTrue = 48,
    SpecConstantFalse = 49,
    SpecConstant = 50,
    SpecConstantComposite = 51,
    SpecConstantOp = 52,
    Variable = 59,
    Decorate = 71,
    MemberDecorate = 72,
    ExecutionModeId = 331,
}

/// <summary>Decoration numbers that reflection looks at (section 3.20).</summary>
internal enum SpirvDecoration
{
    SpecId = 1,
    Block = 2,
    BufferBlock = 3,
    ArrayStride = 6,
    BuiltIn = 11,
    Binding = 33,
    DescriptorSet = 34,
    Offset = 35,
}

/// <summary>Storage classes that reflection looks at (section 3.7).</summary>
internal enum SpirvStorageClass
{
    UniformConstant = 0,
    Uniform = 2,
    PushConstant = 9,
    StorageBuffer = 12,
    PhysicalStorageBuffer = 5349,
}
