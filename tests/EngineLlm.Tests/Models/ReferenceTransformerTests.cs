using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using EngineLlm.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.Models;

/// <summary>Proves what the description says of a model, its rotary scaling above all: the plainest possible transformer gives the reference's logits.</summary>
public sealed class ReferenceTransformerTests
{
    private const double MaxMeanKl = 1e-6;

    // The reference looks GELU up in a table of half floats.
    private const double MaxMeanKlWithGelu = 3e-6;

    [TestCase("llama-plain")]
    [TestCase("llama-head-size-odd")]
    [TestCase("llama-rope-linear")]
    [TestCase("llama-rope-yarn")]
    [TestCase("llama3-rope-factors")]
    [TestCase("qwen2")]
    [TestCase("qwen3")]
    [TestCase("phi3")]
    [TestCase("smollm3")]
    public void GivesTheReferencesLogits(string name) =>
        Check(SharedFiles.PathOf("golden", "architectures", name + ".gguf"), SharedFiles.PathOf("golden", "architectures", name + ".jsonl"), int.MaxValue);

    [TestCase("gemma2")]
    [TestCase("gemma3")]
    public void GivesTheReferencesLogitsWithGelu(string name) => Check(SharedFiles.PathOf("golden", "architectures", name + ".gguf"),
        SharedFiles.PathOf("golden", "architectures", name + ".jsonl"), int.MaxValue, MaxMeanKlWithGelu);

    [Test]
    public void GivesTheReferencesLogitsOfStories260K() =>
        Check(SharedFiles.Stories260K, SharedFiles.PathOf("golden", "stories260k", "logits.jsonl"), int.MaxValue);

    [Test]
    public void GivesTheReferencesLogitsOfSmolLm2()
    {
        // The whole file would take minutes here; the engine's own test does it.
        Check(SharedFiles.SmolLm2, SharedFiles.PathOf("golden", "smollm2", "logits.jsonl"), maxPositions: 8);
    }

    private static void Check(string model, string golden, int maxPositions, double maxMeanKl = MaxMeanKl)
    {
        using GgufFile file = GgufFile.Open(model);
        var transformer = new ReferenceTransformer(file);
        double klSum = 0;
        int positions = 0;
        int sameTop = 0;
        foreach (string line in File.ReadLines(golden))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            transformer.Reset();
            foreach ((JsonElement token, JsonElement top) in json.RootElement.GetProperty("tokens").EnumerateArray().Zip(json.RootElement.GetProperty("top").EnumerateArray()))
            {
                if (positions == maxPositions) break;
                float[] logits = transformer.Next(token.GetInt32());
                int[] ids = top.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
                klSum += Divergence(logits, ids, top.GetProperty("logprobs").EnumerateArray().Select(p => p.GetDouble()).ToArray());
                if (Array.IndexOf(logits, logits.Max()) == ids[0]) sameTop++;
                positions++;
            }
        }
        Assert.That(positions, Is.GreaterThanOrEqualTo(8));
        Assert.That(klSum / positions, Is.InRange(-maxMeanKl, maxMeanKl), $"{Path.GetFileName(model)}: mean KL over {positions} positions");
        Assert.That(sameTop, Is.GreaterThanOrEqualTo(positions * 99 / 100), $"{Path.GetFileName(model)}: same top token");
    }

    private static double Divergence(float[] logits, int[] ids, double[] logprobs)
    {
        double max = logits.Max();
        double logSum = Math.Log(logits.Sum(logit => Math.Exp(logit - max))) + max;
        return ids.Select((id, i) => Math.Exp(logprobs[i]) * (logprobs[i] - (logits[id] - logSum))).Sum();
    }
}
