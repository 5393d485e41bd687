using System;
using System.IO;
using System.Linq;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.Models.Gguf;

/// <summary>Models that are split over several files.</summary>
public sealed class GgufPartsTests
{
    private const int Count = 3;
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("enginellm-parts-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void WhicheverPartIsNamedAllAreRead([Range(0, Count - 1)] int named)
    {
        using var wholePath = new TemporaryFile(TinyModel.Builder().ToArray());
        using GgufFile whole = GgufFile.Open(wholePath.Path);
        GgufBuilder[] parts = TinyModel.Builder().Split(Count);
        Write(parts);

        using GgufFile file = GgufFile.Open(PathOf(named));

        Assert.That((file.PartCount, file.FileName), Is.EqualTo((Count, "tiny-00001-of-00003.gguf")));
        Assert.That(file.TotalLength, Is.EqualTo(parts.Sum(part => (long)part.ToArray().Length)));
        Assert.That(file.Tensors.Select(t => t.Name), Is.EquivalentTo(whole.Tensors.Select(t => t.Name)));
        Assert.That(ModelDescription.Read(file).LayerCount, Is.EqualTo(2));
        foreach (GgufTensor tensor in whole.Tensors)
            Assert.That(BytesOf(file, tensor.Name), Is.EqualTo(BytesOf(whole, tensor.Name)), tensor.Name);
    }

    [Test]
    public void TensorsOfLaterPartsAreThoseOfTheirFile()
    {
        byte[] first = [1, 2, 3, 4], second = [5, 6, 7, 8], third = [9, 10, 11, 12];
        Write(new GgufBuilder()
            .Tensor("a", TensorType.F32, [1], first).Tensor("b", TensorType.F32, [1], second).Tensor("c", TensorType.F32, [1], third)
            .Split(Count));
        GgufFile file = GgufFile.Open(PathOf(1));
        Assert.That(new[] { BytesOf(file, "a"), BytesOf(file, "b"), BytesOf(file, "c") }, Is.EqualTo(new[] { first, second, third }));
        file.TryGetTensor("c", out GgufTensor tensor);
        file.Dispose();
        Assert.That(() => file.Data(tensor, 0, 1).Length, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void AFirstPartWithoutTensorsIsAllowed()
    {
        Write(
            new GgufBuilder().Add("general.architecture", "llama").AddSplit(0, 2, 1),
            new GgufBuilder().AddSplit(1, 2, 1).Tensor("a", TensorType.F32, 1));
        using GgufFile file = GgufFile.Open(PathOf(0, 2));
        Assert.That(file.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void AModelOfOnePartMayHaveAnyName()
    {
        using var temporary = new TemporaryFile(GgufFileTests.Small().AddSplit(0, 1, 3).ToArray());
        using GgufFile file = GgufFile.Open(temporary.Path);
        Assert.That(file.PartCount, Is.EqualTo(1));
    }

    [Test]
    public void AMissingPartIsNamed([Values(0, 1)] int missing)
    {
        Write(TinyModel.Builder().Split(Count));
        File.Delete(PathOf(missing));
        AssertError(2, $"part {missing + 1} of 3 is missing; put tiny-0000{missing + 1}-of-00003.gguf");
    }

    [Test]
    public void PartsThatContradictEachOtherAreErrors()
    {
        AssertError(parts => Replace(parts[1], "split.no", 2), "says it is part 3 of 3, where part 2 of 3");
        AssertError(parts => Replace(parts[1], "split.count", 4), "says it is part 2 of 4, where part 2 of 3");
        AssertError(parts => parts[2].Remove("split.count"), "a whole model, where part 3 of 3");
        AssertError(parts => Replace(parts[0], "split.tensors.count", 99), "split.tensors.count is not that of");
        AssertError(
            parts => Array.ForEach(parts, part => Replace(part, "split.tensors.count", 99)),
            "should have 99 tensors, but its parts have 20");
        AssertError(parts => parts[1].Add("general.architecture", "gemma3"), "general.architecture is not that of");
        AssertError(parts => parts[2].Add("llama.block_count", 3u), "llama.block_count is not that of");
        AssertError(
            parts => parts[1].RemoveTensor("output_norm.weight").Tensor("token_embd.weight", TensorType.F32, 32),
            "token_embd.weight is in another part too");
        AssertError(parts => parts[1].Remove("split.no").Add("split.no", "one"), "split.no should be an integer");
        AssertError(parts => parts[1].LyingOffset = (_, _) => 1UL << 62, "past the end");
    }

    [Test]
    public void APartUnderAnotherNameIsAnError()
    {
        Write(TinyModel.Builder().Split(Count));
        string renamed = Path.Combine(_folder, "model.gguf");
        File.Move(PathOf(0), renamed);
        Assert.That(() => GgufFile.Open(renamed), Throws.InstanceOf<ModelFormatException>()
            .With.Message.Contains("part 1 of 3").And.Message.Contains("-00001-of-00003.gguf"));
        File.Copy(PathOf(1), PathOf(0));
        AssertError(0, "has to end in -00002-of-00003.gguf");
    }

    private static void Replace(GgufBuilder builder, string key, int value) =>
        builder.Remove(key).Raw(key, GgufKind.Int32, w => w.Write(value));

    private void AssertError(Action<GgufBuilder[]> change, string expected)
    {
        GgufBuilder[] parts = TinyModel.Builder().Split(Count);
        change(parts);
        Write(parts);
        AssertError(0, expected);
    }

    private void AssertError(int named, string expected) => Assert.That(
        () => GgufFile.Open(PathOf(named)),
        Throws.InstanceOf<ModelFormatException>()
            .With.Message.Contains(expected).And.Message.Contains(".gguf: ").And.Message.Not.Contains("\n"));

    private void Write(params GgufBuilder[] parts)
    {
        for (int i = 0; i < parts.Length; i++) File.WriteAllBytes(PathOf(i, parts.Length), parts[i].ToArray());
    }

    private string PathOf(int part, int count = Count) => Path.Combine(_folder, $"tiny-0000{part + 1}-of-0000{count}.gguf");

    private static byte[] BytesOf(GgufFile file, string name)
    {
        Assert.That(file.TryGetTensor(name, out GgufTensor tensor), Is.True, name);
        return file.Data(tensor, 0, (int)tensor.ByteSize).ToArray();
    }
}
