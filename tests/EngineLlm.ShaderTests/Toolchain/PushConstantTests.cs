using EngineLlm.ShaderCompiler;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Toolchain;

public sealed class PushConstantTests
{
    private const uint UintType = 1, FloatType = 2, IntVector = 4, LengthThree = 6, FloatArray = 7, WideArray = 8;
    private const uint DoubleType = 9, Address = 11, Block = 10;

    private static SpirvWriter BlockOf(params (string Name, uint Type, uint Offset)[] members)
    {
        SpirvWriter module = new SpirvWriter()
            .Add(SpirvOp.TypeInt, UintType, 32, 0).Add(SpirvOp.TypeFloat, FloatType, 32).Add(SpirvOp.TypeInt, 3, 32, 1)
            .Add(SpirvOp.TypeVector, IntVector, 3, 3).Add(SpirvOp.Constant, UintType, LengthThree, 3)
            .Add(SpirvOp.TypeArray, FloatArray, FloatType, LengthThree).Decorate(FloatArray, SpirvDecoration.ArrayStride, 4)
            .Add(SpirvOp.TypeArray, WideArray, FloatType, LengthThree).Decorate(WideArray, SpirvDecoration.ArrayStride, 16)
            .Add(SpirvOp.TypeFloat, DoubleType, 64)
            .Add(SpirvOp.TypePointer, Address, (uint)SpirvStorageClass.PhysicalStorageBuffer, FloatType);
        var types = new uint[members.Length];
        for (uint i = 0; i < members.Length; i++)
        {
            types[i] = members[i].Type;
            module.MemberName(Block, i, members[i].Name).Offset(Block, i, members[i].Offset);
        }
        return module.Add(SpirvOp.TypeStruct, [Block, .. types]).Variable(20, SpirvStorageClass.PushConstant, Block);
    }

    private static (PushConstantField[] Fields, int Size) Read(SpirvWriter module)
    {
        ShaderInterface face = SpirvReflection.Read(module.ToBytes());
        return ([.. face.PushConstants], face.PushConstantSize);
    }

    [Test]
    public void Offsets_are_those_of_the_shader_also_with_holes_and_out_of_order()
    {
        (PushConstantField[] fields, int size) = Read(
            BlockOf(("last_one", FloatType, 60), ("tokenCount", UintType, 4), ("position", IntVector, 16)));

        Assert.That(fields, Is.EqualTo(new[]
        {
            new PushConstantField("TokenCount", "uint", 4, 1),
            new PushConstantField("PositionX", "int", 16, 1),
            new PushConstantField("PositionY", "int", 20, 1),
            new PushConstantField("PositionZ", "int", 24, 1),
            new PushConstantField("LastOne", "float", 60, 1),
        }));
        Assert.That(size, Is.EqualTo(64));
    }

    [Test]
    public void Arrays_and_addresses_are_fields()
    {
        (PushConstantField[] fields, int size) = Read(BlockOf(("scales", FloatArray, 0), ("weights", Address, 16)));

        Assert.That(fields, Is.EqualTo(new[]
        {
            new PushConstantField("Scales", "float", 0, 3),
            new PushConstantField("Weights", "ulong", 16, 1),
        }));
        Assert.That(size, Is.EqualTo(24));
    }

    [Test]
    public void A_block_may_be_128_bytes_and_no_more()
    {
        Assert.That(Read(BlockOf(("a", UintType, 124))).Size, Is.EqualTo(128));
        AssertFails(BlockOf(("a", UintType, 128)), "132 bytes");
    }

    [Test]
    public void What_the_host_cannot_lay_out_is_an_error()
    {
        AssertFails(BlockOf(("", UintType, 0)), "has no name");
        AssertFails(BlockOf(("wide", WideArray, 0)), "side by side");
        AssertFails(BlockOf(("exact", DoubleType, 0)), "'Exact': only");
        AssertFails(BlockOf(("row_count", UintType, 0), ("rowCount", UintType, 4)), "come out as 'RowCount'");
    }

    [Test]
    public void No_block_is_no_field() =>
        Assert.That(Read(new SpirvWriter()), Is.EqualTo((System.Array.Empty<PushConstantField>(), 0)));

    private static void AssertFails(SpirvWriter module, string message) =>
        Assert.That(() => SpirvReflection.Read(module.ToBytes()), Throws.TypeOf<ShaderException>().With.Message.Contains(message));
}
