using System;
using EngineLlm.ShaderCompiler;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Toolchain;

public sealed class SpirvReflectionTests
{
    private const uint UintType = 1, IntType = 2, FloatType = 3, BoolType = 4, Vector2Type = 5, Vector3Type = 6, Block = 10, Variable = 20;

    private static SpirvWriter Types() => new SpirvWriter()
        .Add(SpirvOp.TypeInt, UintType, 32, 0).Add(SpirvOp.TypeInt, IntType, 32, 1).Add(SpirvOp.TypeFloat, FloatType, 32)
        .Add(SpirvOp.TypeBool, BoolType)
        .Add(SpirvOp.TypeVector, Vector2Type, IntType, 2).Add(SpirvOp.TypeVector, Vector3Type, FloatType, 3);

    private static SpirvWriter StorageBlock(uint variable, uint block, uint binding, string variableName, string blockName) => Types()
        .Name(variable, variableName).Name(block, blockName).Decorate(variable, SpirvDecoration.Binding, binding)
        .Add(SpirvOp.TypeStruct, block, FloatType).Variable(variable, SpirvStorageClass.StorageBuffer, block);

    [TestCase("", "PageTable", "PageTable")]
    [TestCase("page_table", "Block", "PageTable")]
    [TestCase("keysOut", "Block", "KeysOut")]
    [TestCase("KV_PAGES", "Block", "KvPages")]
    public void A_binding_is_named_after_its_instance_or_else_its_block(string instance, string block, string expected)
    {
        ShaderInterface face = SpirvReflection.Read(StorageBlock(Variable, Block, 3, instance, block).ToBytes());

        Assert.That(face.Bindings, Is.EqualTo(new[] { new ShaderBinding(expected, 3, DescriptorKind.StorageBuffer) }));
    }

    [Test]
    public void A_binding_without_any_name_is_an_error() =>
        AssertFails(StorageBlock(Variable, Block, 3, "", ""), "binding 3 has no name");

    [Test]
    public void A_binding_outside_set_0_is_an_error() =>
        AssertFails(StorageBlock(Variable, Block, 0, "weights", "W").Decorate(Variable, SpirvDecoration.DescriptorSet, 1),
            "not in descriptor set 0");

    [Test]
    public void Two_names_may_share_a_binding_of_one_kind_only()
    {
        SpirvWriter same = StorageBlock(Variable, Block, 1, "words", "A").Name(21, "quads").Decorate(21, SpirvDecoration.Binding, 1)
            .Variable(21, SpirvStorageClass.StorageBuffer, Block);
        SpirvWriter different = StorageBlock(Variable, Block, 1, "words", "A").Name(21, "quads").Decorate(21, SpirvDecoration.Binding, 1)
            .Variable(21, SpirvStorageClass.Uniform, Block);

        Assert.That(SpirvReflection.Read(same.ToBytes()).Bindings, Has.Count.EqualTo(2));
        AssertFails(different, "different descriptor kinds");
    }

    [Test]
    public void Names_that_come_out_the_same_are_an_error() =>
        AssertFails(StorageBlock(Variable, Block, 1, "row_count", "A").Name(21, "rowCount").Decorate(21, SpirvDecoration.Binding, 2)
            .Variable(21, SpirvStorageClass.StorageBuffer, Block), "two bindings come out as 'RowCount'");

    [TestCase(2u, nameof(DescriptorKind.StorageTexelBuffer))]
    [TestCase(1u, nameof(DescriptorKind.UniformTexelBuffer))]
    public void Texel_buffers_are_told_apart(uint sampled, string expected)
    {
        SpirvWriter module = Types().Name(Variable, "weights").Decorate(Variable, SpirvDecoration.Binding, 0)
            .Add(SpirvOp.TypeImage, 30, UintType, 5, 0, 0, 0, sampled, 0).Variable(Variable, SpirvStorageClass.UniformConstant, 30);

        Assert.That(SpirvReflection.Read(module.ToBytes()).Bindings[0].Kind, Is.EqualTo(Enum.Parse<DescriptorKind>(expected)));
    }

    [Test]
    public void An_array_of_buffers_and_a_flat_image_are_errors()
    {
        SpirvWriter image = Types().Name(Variable, "picture").Decorate(Variable, SpirvDecoration.Binding, 0)
            .Add(SpirvOp.TypeImage, 30, FloatType, 1, 0, 0, 0, 2, 1).Variable(Variable, SpirvStorageClass.UniformConstant, 30);
        SpirvWriter array = Types().Name(Variable, "buffers").Decorate(Variable, SpirvDecoration.Binding, 0)
            .Add(SpirvOp.TypeStruct, Block, FloatType).Add(SpirvOp.TypeRuntimeArray, 31, Block).Variable(Variable, SpirvStorageClass.StorageBuffer, 31);

        AssertFails(image, "'picture' is neither");
        AssertFails(array, "'buffers' is neither");
    }

    [Test]
    public void Specialisation_constants_keep_their_types_and_defaults()
    {
        SpirvWriter module = Types().Name(40, "ROWS").Name(41, "shift").Name(42, "eps").Name(43, "hasMask");
        for (uint i = 0; i < 4; i++)
            module.Decorate(40 + i, SpirvDecoration.SpecId, 7 - i);
        module.Add(SpirvOp.SpecConstant, UintType, 40, 4_000_000_000).Add(SpirvOp.SpecConstant, IntType, 41, unchecked((uint)-3))
            .Add(SpirvOp.SpecConstant, FloatType, 42, BitConverter.SingleToUInt32Bits(1e-5f)).Add(SpirvOp.SpecConstantTrue, BoolType, 43);

        Assert.That(SpirvReflection.Read(module.ToBytes()).Constants, Is.EqualTo(new[]
        {
            new SpecializationConstant("HasMask", 4, "bool", "true"),
            new SpecializationConstant("Eps", 5, "float", "1E-05f"),
            new SpecializationConstant("Shift", 6, "int", "-3"),
            new SpecializationConstant("Rows", 7, "uint", "4000000000u"),
        }));
    }

    [Test]
    public void A_specialised_workgroup_size_has_a_name_and_is_not_fixed()
    {
        const uint BuiltInWorkgroupSize = 25;
        SpirvWriter module = Types().Decorate(40, SpirvDecoration.SpecId, 0).Decorate(50, SpirvDecoration.BuiltIn, BuiltInWorkgroupSize)
            .Add(SpirvOp.ExecutionMode, 99, 17, 1, 2, 1)
            .Add(SpirvOp.SpecConstant, UintType, 40, 64).Add(SpirvOp.Constant, UintType, 41, 2)
            .Add(SpirvOp.SpecConstantComposite, Vector3Type, 50, 40, 41, 41);
        SpirvWriter fixedSize = Types().Add(SpirvOp.ExecutionMode, 99, 17, 8, 4, 2);

        ShaderInterface face = SpirvReflection.Read(module.ToBytes());

        Assert.That(face.Constants, Is.EqualTo(new[] { new SpecializationConstant("LocalSizeX", 0, "uint", "64u") }));
        Assert.That(face.LocalSize, Is.Null);
        Assert.That(SpirvReflection.Read(fixedSize.ToBytes()).LocalSize, Is.EqualTo((8, 4, 2)));
    }

    [TestCase(0, TestName = "Empty input is not SPIR-V")]
    [TestCase(3, TestName = "Half a word is not SPIR-V")]
    [TestCase(40, TestName = "Zeros are not SPIR-V")]
    public void Other_bytes_are_an_error(int length) =>
        Assert.That(() => SpirvReflection.Read(new byte[length]), Throws.TypeOf<ShaderException>().With.Message.Contains("not SPIR-V"));

    [Test]
    public void A_module_cut_off_is_an_error_and_never_a_crash()
    {
        byte[] whole = StorageBlock(Variable, Block, 3, "instance", "Block").ToBytes();
        for (int words = 0; words < whole.Length / 4; words++)
        {
            try
            {
                SpirvReflection.Read(whole[..(words * 4)]);
            }
            catch (ShaderException)
            {
                continue;
            }
            // A cut between two instructions leaves a shorter module that may be read, but then without the variable at its end.
            Assert.That(SpirvReflection.Read(whole[..(words * 4)]).Bindings, Is.Empty, $"{words} words");
        }
    }

    private static void AssertFails(SpirvWriter module, string message) =>
        Assert.That(() => SpirvReflection.Read(module.ToBytes()), Throws.TypeOf<ShaderException>().With.Message.Contains(message));
}
