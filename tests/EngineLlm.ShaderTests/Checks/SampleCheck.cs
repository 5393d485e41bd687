using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Kernels.Generated;
using EngineLlm.Vulkan;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>The sampling kernel against sorting and double precision.</summary>
internal static class SampleCheck
{
    private const uint LocalSize = 256;
    private const int Window = 64;
    private const int CountSlot = 3;

    /// <summary>Rows of logits with their parameters and recent tokens.</summary>
    private sealed record Batch(int VocabularySize, float[][] Logits, SamplingRow[] Rows, uint[][] Recent);

    internal static IEnumerable<KernelCheck> Greedy()
    {
        foreach (int size in (int[])[1, 3, 64, 1003, 49152, 262144])
            yield return Check($"greedy, {size} tokens, seed 200", new Random(200), size, 3, (_, _) => SamplingRow.Plain(0));
        yield return Check("greedy with ties, 5000 tokens, seed 201", new Random(201), 5000, 8, (_, _) =>
            SamplingRow.Plain(0), coarseness: 1);
    }

    /// <summary>
    /// Every filter alone and together, on the way through a short list of candidates and on the way through the whole vocabulary.
    /// </summary>
    internal static IEnumerable<KernelCheck> Filters()
    {
        (string Name, SamplingRow Row)[] settings =
        [
            ("none", SamplingRow.Plain(0.8f)),
            ("top-k", SamplingRow.Plain(1.3f) with { TopK = 40 }),
            ("top-k 1", SamplingRow.Plain(1) with { TopK = 1 }),
            ("top-k of many", SamplingRow.Plain(1.5f) with { TopK = 600 }),
            ("top-k, top-p", SamplingRow.Plain(0.7f) with { TopK = 40, TopP = 0.9f }),
            ("top-p", SamplingRow.Plain(0.9f) with { TopP = 0.8f }),
            ("top-p of few", SamplingRow.Plain(0.4f) with { TopP = 0.3f }),
            ("min-p", SamplingRow.Plain(1) with { MinP = 0.1f }),
            ("top-k, min-p", SamplingRow.Plain(1) with { TopK = 100, MinP = 0.05f }),
            ("top-k of many, top-p, min-p", SamplingRow.Plain(1.2f) with { TopK = 700, TopP = 0.95f, MinP = 0.02f }),
        ];
        foreach ((string name, SamplingRow row) in settings)
        {
            yield return Check($"{name}, 1003 tokens, seed 210", new Random(210), 1003, 40, (_, seed) => row with { Seed = seed });
            yield return Check($"{name} with ties, 3001 tokens, seed 211", new Random(211), 3001, 12, (_, seed) =>
                row with { Seed = seed }, coarseness: 1);
        }
        // More equal logits at the edge than the list of candidates holds.
        yield return Check("top-k, all but flat, 5000 tokens, seed 214", new Random(214), 5000, 6, (_, seed) =>
            SamplingRow.Plain(1) with { TopK = 40, Seed = seed }, coarseness: 40);
        yield return Check("top-k, top-p, all but flat, 5000 tokens, seed 215", new Random(215), 5000, 6, (_, seed) =>
            SamplingRow.Plain(1) with { TopK = 40, TopP = 0.5f, Seed = seed }, coarseness: 40);
        yield return Check("top-k, top-p, 49152 tokens, seed 212", new Random(212), 49152, 3, (_, seed) =>
            SamplingRow.Plain(0.7f) with { TopK = 40, TopP = 0.95f, Seed = seed });
        yield return Check("top-p, 49152 tokens, seed 213", new Random(213), 49152, 2, (_, seed) =>
            SamplingRow.Plain(0.7f) with { TopP = 0.95f, Seed = seed });
    }

    internal static IEnumerable<KernelCheck> Penalties()
    {
        (float Temperature, float Repetition, float Frequency, float Presence, uint Length)[] settings =
            [(0, 1.3f, 0, 0, 64), (0, 1, 0.4f, 0.2f, 17), (0.8f, 1.1f, 0.1f, 0.3f, 40), (0, 1.5f, 0, 0, 1)];
        foreach ((float temperature, float repetition, float frequency, float presence, uint length) in settings)
        {
            SamplingRow row = SamplingRow.Plain(temperature) with
            {
                RepetitionPenalty = repetition, FrequencyPenalty = frequency, PresencePenalty = presence, WindowLength = length, TopK = 20,
            };
            yield return Check($"{row}, 200 tokens, seed 220", new Random(220), 200, 30, (_, seed) => row with { Seed = seed });
        }
    }

    /// <summary>Over many seeds, every kept token comes as often as its probability says, and no other token comes.</summary>
    internal static IEnumerable<KernelCheck> Distribution()
    {
        (string Name, SamplingRow Row)[] settings =
        [
            ("none", SamplingRow.Plain(1)),
            ("top-k", SamplingRow.Plain(1.5f) with { TopK = 7 }),
            ("top-p", SamplingRow.Plain(1) with { TopP = 0.85f }),
            ("top-p of the whole vocabulary", SamplingRow.Plain(0.8f) with { TopK = 0, TopP = 0.9f }),
        ];
        foreach ((string name, SamplingRow row) in settings)
        {
            yield return new KernelCheck($"sample distribution, {name}, 12 tokens, 2500 draws, seed 230", session =>
            {
                const int draws = 2500;
                float[] logits = new Random(230).Normal(12);
                SamplingRow Draw(int i) => row with { Seed = (ulong)i * 0x9E3779B97F4A7C15, Position = (uint)i % 5 };
                SamplingRow[] rows = [.. Enumerable.Range(0, draws).Select(Draw)];
                int[] tokens = Run(session, new Batch(12, [.. rows.Select(_ => logits)], rows, [.. rows.Select(_ => new uint[Window])]));
                return Judge(new SamplingReference(logits, row, []), tokens);
            });
        }
    }

    /// <summary>A row's token depends on nothing beside it.</summary>
    internal static IEnumerable<KernelCheck> Determinism()
    {
        yield return new KernelCheck("sample same tokens in company, 1003 tokens, seed 240", session =>
        {
            Batch batch = Random(new Random(240), 1003, 16, (i, seed) =>
                SamplingRow.Plain(1) with { Seed = seed, TopK = i % 2 == 0 ? 40u : 0, TopP = 0.9f });
            int[] together = Run(session, batch);
            for (int i = 0; i < batch.Rows.Length; i++)
            {
                int alone = Run(session, new Batch(batch.VocabularySize, [batch.Logits[i]], [batch.Rows[i]], [batch.Recent[i]]))[0];
                if (alone != together[i]) return $"row {i} chose {together[i]} among others and {alone} alone";
            }
            return null;
        });
    }

    /// <summary>What no sound model or caller sends: the kernel ends all the same, with a token that exists.</summary>
    internal static IEnumerable<KernelCheck> Hostile()
    {
        float[] bad = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        foreach (float value in bad)
        {
            foreach (double share in (double[])[0.2, 1])
            {
                yield return new KernelCheck($"sample {value} in {share:P0} of 777 logits, seed 250", session =>
                {
                    var random = new Random(250);
                    Batch batch = Random(random, 777, 24, Wild);
                    foreach (float[] logits in batch.Logits)
                    {
                        for (int id = 0; id < logits.Length; id++)
                            if (random.NextDouble() < share) logits[id] = value;
                    }
                    int[] tokens = Run(session, batch);
                    int wrong = Array.FindIndex(tokens, t => t is < 0 or >= 777);
                    return wrong < 0 ? null : $"row {wrong} ({batch.Rows[wrong]}) chose {tokens[wrong]}";
                });
            }
        }
    }

    private static SamplingRow Wild(int i, ulong seed) => new()
    {
        Temperature = (float[])[0, 0.5f, 1e30f, 1e-20f, 2e-6f, float.NaN] is var temperatures ? temperatures[i % 6] : 0,
        TopK = (uint[])[0, 1, uint.MaxValue, 40] is var counts ? counts[i % 4] : 0,
        TopP = (float[])[1, 1e-9f, 0.5f] is var shares ? shares[i % 3] : 0,
        MinP = i % 5 == 0 ? 0.999f : 0,
        RepetitionPenalty = 1.2f,
        WindowLength = i % 2 == 0 ? 0 : 100000u,
        Seed = seed,
    };

    private static KernelCheck Check(string name, Random random, int size, int rows, Func<int, ulong, SamplingRow> row,
        float coarseness = 0) => new($"sample {name}", session =>
    {
        Batch batch = Random(random, size, rows, row, coarseness);
        int[] tokens = Run(session, batch);
        for (int i = 0; i < tokens.Length; i++)
        {
            string? failure = new SamplingReference(batch.Logits[i], batch.Rows[i], batch.Recent[i]).Judge(tokens[i]);
            if (failure is not null) return $"row {i} ({batch.Rows[i]}): {failure}";
        }
        return null;
    });

    /// <param name="random">Where the values come from.</param>
    /// <param name="size">Size of the vocabulary.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="row">Parameters of a row, by its index and a seed.</param>
    /// <param name="coarseness">Logits are multiples of this, so that many are equal; 0 for no such thing.</param>
    private static Batch Random(Random random, int size, int count, Func<int, ulong, SamplingRow> row, float coarseness = 0)
    {
        var logits = new float[count][];
        var rows = new SamplingRow[count];
        var recent = new uint[count][];
        for (int i = 0; i < count; i++)
        {
            logits[i] = random.Normal(size, 3);
            if (coarseness > 0) logits[i] = [.. logits[i].Select(x => MathF.Round(x / coarseness) * coarseness)];
            rows[i] = row(i, (ulong)random.NextInt64()) with { Position = (uint)random.Next(5000) };
            recent[i] = [.. Enumerable.Range(0, Window).Select(_ => (uint)random.Next(Math.Min(size + 2, 60)))];
        }
        return new Batch(size, logits, rows, recent);
    }

    private static int[] Run(KernelSession session, Batch batch)
    {
        int stride = (batch.VocabularySize + 31) / 32 * 32, count = batch.Rows.Length;
        var logits = new float[count * stride];
        // What stands in the padding must not be chosen.
        Array.Fill(logits, 1e9f);
        for (int i = 0; i < count; i++) batch.Logits[i].CopyTo(logits, i * stride);
        DeviceBuffer sampled = session.Upload(Enumerable.Repeat(-1, count).ToArray());
        var push = new SampleShader.PushConstants
        {
            CountSlot = CountSlot,
            VocabularySize = (uint)batch.VocabularySize,
            LogitStride = (uint)stride,
        };
        session.Dispatch(
            session.Harness.Pipeline(SampleShader.Description, LocalSize), push, (count + 1, 1, 1),
            session.Upload(logits), session.Upload(batch.Rows), session.Upload(batch.Recent.SelectMany(r => r).ToArray()),
            session.Upload(new[] { 0, 0, 0, count }), sampled);
        session.Finish();
        return KernelSession.Read<int>(sampled, count);
    }

    /// <summary>Pearson's chi-square test; the seeds are fixed, so its answer is too.</summary>
    private static string? Judge(SamplingReference reference, int[] tokens)
    {
        int[] counts = new int[tokens.Max() + 1];
        foreach (int token in tokens) counts[token]++;
        for (int token = 0; token < counts.Length; token++)
            if (counts[token] > 0 && !reference.Kept.Contains(token))
                return $"token {token} came {counts[token]} times, though the filters throw it out";
        double total = reference.Weights.Sum(), chiSquare = 0;
        for (int i = 0; i < reference.Kept.Count; i++)
        {
            double expected = tokens.Length * reference.Weights[i] / total;
            double seen = reference.Kept[i] < counts.Length ? counts[reference.Kept[i]] : 0;
            chiSquare += (seen - expected) * (seen - expected) / expected;
        }
        // Mean and deviation of chi-square with n degrees of freedom are n and sqrt(2n); four deviations are far out.
        int freedom = reference.Kept.Count - 1;
        double limit = freedom + (4 * Math.Sqrt(2 * freedom));
        return chiSquare <= limit ? null : $"chi-square {chiSquare:F1} with {freedom} degrees of freedom, more than {limit:F1}";
    }
}
