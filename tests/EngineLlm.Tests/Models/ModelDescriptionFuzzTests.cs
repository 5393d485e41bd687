using System;
using System.IO;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Tests.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.Models;

public sealed class ModelDescriptionFuzzTests
{
    [Test]
    public void MutantsAreReadOrFailWithATypedError()
    {
        const int seed = 31;
        const int metadataBytes = 700;
        var random = new Random(seed);
        byte[] whole = TinyModel.Builder()
            .Add("llama.rope.freq_base", 10000f)
            .Add("llama.rope.scaling.type", "yarn")
            .Add("llama.rope.scaling.factor", 4f)
            .Add("llama.rope.scaling.original_context_length", 64u)
            .Add("llama.attention.key_length", 8u)
            .ToArray();
        using var temporary = new TemporaryFile(whole);
        int failures = 0;
        for (int i = 0; i < 20000; i++)
        {
            byte[] head = whole.AsSpan(0, metadataBytes).ToArray();
            for (int k = random.Next(1, 3); k > 0; k--) Mutate(head.AsSpan(random.Next(24, metadataBytes - 4)), random);
            using (FileStream stream = File.OpenWrite(temporary.Path)) stream.Write(head);
            if (!Reads(temporary.Path, $"mutant {i} of seed {seed}")) failures++;
        }
        Assert.That(failures, Is.InRange(2000, 19999));
    }

    private static void Mutate(Span<byte> at, Random random)
    {
        switch (random.Next(3))
        {
            case 0: at[0] = (byte)random.Next(256); break;
            case 1: at[0] ^= (byte)(1 << random.Next(8)); break;
            // A whole number or float of any size.
            default: BitConverter.TryWriteBytes(at, random.Next(int.MinValue, int.MaxValue) >> random.Next(32)); break;
        }
    }

    private static bool Reads(string path, string what)
    {
        try
        {
            using GgufFile file = GgufFile.Open(path);
            ModelDescription model = ModelDescription.Read(file);
            Assert.That(model.RopeInverseFrequencies.Length, Is.EqualTo(model.RopeDimensionCount / 2), what);
            return true;
        }
        catch (EngineLlmException error)
        {
            Assert.That(error.Message, Does.Not.Contain("\n"), what);
            return false;
        }
        catch (Exception error) when (error is not AssertionException)
        {
            throw new AssertionException($"{what}: {error}");
        }
    }
}
