using System;
using System.IO;
using System.Linq;
using EngineLlm.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.Models.Gguf;

public sealed class GgufFileTests
{
    internal static GgufBuilder Small() => new GgufBuilder()
        .Add("general.architecture", "llama")
        .Add("a.number", 7u)
        .Add("a.float", 0.5f)
        .Add("a.flag", true)
        .Add("some.strings", "one", "", "drei")
        .Add("some.floats", 1f, -2f)
        .Add("some.integers", 3, -4)
        .Raw("nested", GgufKind.Array, w =>
        {
            GgufBuilder.WriteArrayHeader(w, GgufKind.Array, 2);
            for (int i = 0; i < 2; i++)
            {
                GgufBuilder.WriteArrayHeader(w, GgufKind.UInt8, 1);
                w.Write((byte)9);
            }
        })
        .Tensor("first", TensorType.F32, [3, 2], Enumerable.Range(0, 24).Select(i => (byte)i).ToArray())
        .Tensor("second", TensorType.Q4_0, 64, 2)
        .Tensor("third", TensorType.F16, 4);

    [TestCase(2u)]
    [TestCase(3u)]
    public void ReadsWhatWasWritten(uint version)
    {
        GgufBuilder builder = Small();
        builder.Version = version;
        using var temporary = new TemporaryFile(builder.ToArray());
        using GgufFile file = GgufFile.Open(temporary.Path);
        Assert.That(file.Version, Is.EqualTo((int)version));
        Assert.That(file.Metadata.String("general.architecture"), Is.EqualTo("llama"));
        Assert.That(file.Metadata.Integer("a.number", 0, 10), Is.EqualTo(7));
        Assert.That(file.Metadata.Number("a.float", 0, 1), Is.EqualTo(0.5f));
        Assert.That(file.Metadata.Bool("a.flag", false), Is.True);
        Assert.That(file.Metadata.TryGet("some.strings", out GgufValue strings), Is.True);
        var texts = new System.Collections.Generic.List<string>();
        foreach (ReadOnlySpan<byte> text in strings.Strings) texts.Add(System.Text.Encoding.UTF8.GetString(text));
        Assert.That(texts, Is.EqualTo(new[] { "one", "", "drei" }));
        file.Metadata.TryGet("some.floats", out GgufValue floats);
        Assert.That(floats.TryGetSingleArray(out float[] singles), Is.True);
        Assert.That(singles, Is.EqualTo(new[] { 1f, -2f }));
        file.Metadata.TryGet("some.integers", out GgufValue integers);
        Assert.That(integers.TryGetInt32Array(out int[] numbers), Is.True);
        Assert.That(numbers, Is.EqualTo(new[] { 3, -4 }));
        file.Metadata.TryGet("nested", out GgufValue nested);
        Assert.That(nested.ElementKind, Is.EqualTo(GgufKind.Array));

        Assert.That(file.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "first", "second", "third" }));
        Assert.That(file.TryGetTensor("first", out GgufTensor first), Is.True);
        Assert.That((first.Columns, first.Rows, first.ByteSize, first.RowBytes), Is.EqualTo((3L, 2L, 24L, 12L)));
        Assert.That(file.Data(first, 5, 4).ToArray(), Is.EqualTo(new byte[] { 5, 6, 7, 8 }));
        Assert.That(file.TryGetTensor("second", out GgufTensor second), Is.True);
        Assert.That((second.ByteSize, second.RowBytes), Is.EqualTo((72L, 36L)));
        Assert.That(() => file.Data(second, 70, 3).Length, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ADisposedFileThrowsInsteadOfReading()
    {
        using var temporary = new TemporaryFile(Small().ToArray());
        GgufFile file = GgufFile.Open(temporary.Path);
        GgufTensor tensor = file.Tensors[0];
        file.Dispose();
        file.Dispose();
        Assert.That(() => file.Data(tensor, 0, 1).Length, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => file.Metadata.String("general.architecture"), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void OpensTheSharedModels()
    {
        using GgufFile smollm = GgufFile.Open(SharedFiles.SmolLm2);
        Assert.That(smollm.Tensors, Has.Count.EqualTo(272));
        Assert.That(smollm.TryGetTensor("token_embd.weight", out GgufTensor embedding), Is.True);
        Assert.That((embedding.Columns, embedding.Rows, embedding.Type), Is.EqualTo((576L, 49152L, TensorType.Q8_0)));
        using GgufFile stories = GgufFile.Open(SharedFiles.Stories260K);
        Assert.That(stories.Tensors, Has.Count.EqualTo(47));
    }

    [Test]
    public void OpensEveryGoldenFile()
    {
        foreach (string folder in new[] { "architectures", "tokenizers" })
        {
            foreach (string path in Directory.GetFiles(SharedFiles.PathOf("golden", folder), "*.gguf"))
            {
                using GgufFile file = GgufFile.Open(path);
                Assert.That(file.Metadata.String("general.architecture"), Is.Not.Null, path);
            }
        }
    }
}
