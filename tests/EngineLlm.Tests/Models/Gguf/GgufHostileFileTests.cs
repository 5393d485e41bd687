using System;
using System.IO;
using EngineLlm.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.Models.Gguf;

public sealed class GgufHostileFileTests
{
    [Test]
    public void TruncatedAtAnyByteIsAClearError()
    {
        byte[] whole = GgufFileTests.Small().ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            ModelFormatException? error = OpenError(whole.AsSpan(0, length).ToArray()) as ModelFormatException;
            Assert.That(error, Is.Not.Null, $"cut to {length} of {whole.Length} bytes");
            Assert.That(error!.Message, Does.Contain(".gguf: ").And.Not.Contain("\n"));
        }
    }

    [Test]
    public void MutantsOpenOrFailWithATypedError()
    {
        const int seed = 20261123;
        byte[] whole = GgufFileTests.Small().ToArray();
        var random = new Random(seed);
        int failures = 0;
        // One file is rewritten in place: tens of thousands of file creations would take most of the time.
        using var temporary = new TemporaryFile(whole);
        for (int i = 0; i < 30000; i++)
        {
            byte[] mutant = (byte[])whole.Clone();
            for (int k = random.Next(1, 4); k > 0; k--) Mutate(mutant, random);
            File.WriteAllBytes(temporary.Path, mutant);
            if (OpenAndTouch(temporary.Path, $"mutant {i} of seed {seed}") != null) failures++;
        }
        Assert.That(failures, Is.InRange(5000, 29999));
    }

    [Test]
    public void LyingCountsAndOffsetsAreErrors()
    {
        AssertDamaged(b => b.LyingTensorCount = ulong.MaxValue, "tensors");
        AssertDamaged(b => b.LyingPairCount = 1UL << 40, "metadata entries");
        AssertDamaged(b => b.LyingOffset = (_, _) => 1UL << 62, "past the end");
        AssertDamaged(b => b.LyingOffset = (_, _) => ulong.MaxValue - 31, "past the end");
        AssertDamaged(b => b.LyingOffset = (_, offset) => offset + 1, "not aligned");
        AssertDamaged(b => b.LyingOffset = (_, _) => 0, "overlap");
        AssertDamaged(b => b.Add("a.number", 8u), "twice");
        AssertDamaged(b => b.Tensor("first", TensorType.F32, 1), "twice");
        AssertDamaged(b => b.Add("general.alignment", 24u), "power of two");
        AssertDamaged(b => b.Add("general.alignment", 1u << 30), "general.alignment");
        AssertDamaged(b => b.Add("general.alignment", "32"), "should be an integer");
        AssertDamaged(b => b.Tensor("zero", TensorType.F32, [0], []), "dimension of 0");
        AssertDamaged(b => b.Tensor("huge", TensorType.F32, [1L << 32, 1L << 32], []), "dimension of");
        AssertDamaged(b => b.Tensor("odd", TensorType.Q4_0, [33], new byte[18]), "no multiple");
        AssertDamaged(b => b.Tensor("flat", TensorType.F32, [], []), "0 dimensions");
        AssertDamaged(b => b.Raw("x", (GgufKind)77, _ => { }), "unknown value type 77");
        AssertDamaged(b => b.Raw("x", GgufKind.Bool, w => w.Write((byte)2)), "neither 0 nor 1");
        AssertDamaged(b => b.Raw("x", GgufKind.String, w => w.Write(ulong.MaxValue)), "in the middle of x");
        AssertDamaged(b => b.Raw("x", GgufKind.Array, w => GgufBuilder.WriteArrayHeader(w, GgufKind.UInt64, int.MaxValue)), "more than the rest");
        AssertDamaged(b => b.Raw("x", GgufKind.Array, w => WriteNested(w, 9)), "nested deeper");
    }

    [Test]
    public void UnknownTensorTypesAreNamed()
    {
        byte[] file = GgufFileTests.Small().Tensor("new", (TensorType)99, [1], []).ToArray();
        Assert.That(OpenError(file), Is.InstanceOf<UnsupportedModelException>().With.Message.Contains("new is of the unknown type 99"));
    }

    [Test]
    public void OtherFilesAreRefusedClearly()
    {
        Assert.That(OpenError("PK\u0003\u0004 something else"u8.ToArray())!.Message, Does.Contain("not a GGUF file"));
        Assert.That(OpenError([])!.Message, Does.Contain("empty"));
        byte[] file = GgufFileTests.Small().ToArray();
        file[4] = 1;
        Assert.That(OpenError(file)!.Message, Does.Contain("version 1"));
        file[4] = 0;
        file[7] = 3;
        Assert.That(OpenError(file)!.Message, Does.Contain("big-endian"));
        Assert.That(() => GgufFile.Open("no/such/model.gguf"), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("no such file"));
        Assert.That(() => GgufFile.Open(Path.GetTempPath()), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("folder"));
    }

    private static void WriteNested(BinaryWriter writer, int depth)
    {
        for (int i = 0; i < depth; i++) GgufBuilder.WriteArrayHeader(writer, GgufKind.Array, 1);
        GgufBuilder.WriteArrayHeader(writer, GgufKind.UInt8, 0);
    }

    private static void AssertDamaged(Action<GgufBuilder> change, string expected)
    {
        GgufBuilder builder = GgufFileTests.Small();
        change(builder);
        Assert.That(OpenError(builder.ToArray()), Is.InstanceOf<ModelFormatException>().With.Message.Contains(expected));
    }

    private static void Mutate(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(4))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes.AsSpan(at, Math.Min(8, bytes.Length - at)).Fill(0xFF); break;
            default: bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Clear(); break;
        }
    }

    private static EngineLlmException? OpenError(byte[] content)
    {
        using var temporary = new TemporaryFile(content);
        return OpenAndTouch(temporary.Path, "file");
    }

    /// <summary>Opens the file and reads every value and every tensor's first and last byte; gives the typed error, if there is one.</summary>
    private static EngineLlmException? OpenAndTouch(string path, string what)
    {
        try
        {
            using GgufFile file = GgufFile.Open(path);
            foreach (GgufValue value in file.Metadata.Values.Values)
            {
                value.TryGetString(out _);
                value.TryGetNumber(out _);
                value.TryGetInt32Array(out _);
                value.TryGetSingleArray(out _);
                foreach (ReadOnlySpan<byte> text in value.Strings) _ = text.Length;
            }
            foreach (GgufTensor tensor in file.Tensors)
            {
                _ = file.Data(tensor, 0, 1)[0];
                _ = file.Data(tensor, tensor.ByteSize - 1, 1)[0];
            }
            return null;
        }
        catch (EngineLlmException error)
        {
            return error;
        }
        catch (Exception error)
        {
            throw new AssertionException($"{what}: {error}");
        }
    }
}
