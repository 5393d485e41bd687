using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using NUnit.Framework;

namespace EngineLlm.Tests.Hostile;

/// <summary>
/// Files that strangers made: whatever they hold, the answer is a result or a clear error, within a second and within the file's size plus
/// 64 MiB. ENGINELLM_MUTANTS=1000000 tries so many of them instead of a few thousand, ENGINELLM_FIRST_MUTANT begins later than at 0.
/// </summary>
[NonParallelizable]
internal sealed class MutantTests
{
    private const int Seed = 20261126;
    private const int DefaultCount = 2500;
    private const long AllowedBytes = 64 << 20;
    private static readonly TimeSpan s_allowedTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hopeless = TimeSpan.FromSeconds(120);
    private readonly (MutantSeed Seed, GgufFields[] Fields)[] _seeds =
        MutantSeeds.All.Select(seed => (seed, seed.Parts.Select(part => new GgufFields(part)).ToArray())).ToArray();
    private string _folder = "";
    private long _startedAt;
    private long _mostAllocated;
    private TimeSpan _longest;
    private int _running;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("enginellm-mutants-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void TheSeedsAreAsTheyShouldBe()
    {
        foreach ((MutantSeed seed, _) in _seeds)
            Assert.That(MutantUse.Run(Write(seed, seed.Parts)), Is.EqualTo(seed.Name == "containers" ? 2 : 6), seed.Name);
    }

    [Test]
    public void EndInAResultOrAClearError()
    {
        int count = FromEnvironment("ENGINELLM_MUTANTS", DefaultCount), first = FromEnvironment("ENGINELLM_FIRST_MUTANT", 0);
        using var watch = new Timer(_ => StopIfHopeless(), null, s_hopeless, TimeSpan.FromSeconds(5));
        var succeeded = new int[7];
        var clock = Stopwatch.StartNew();
        for (int i = first; i < first + count; i++)
        {
            succeeded[Try(i)]++;
            if (i % 20000 == 19999) TestContext.Progress.WriteLine(Summary(i + 1 - first, succeeded, clock));
        }
        TestContext.Out.WriteLine(Summary(count, succeeded, clock));
        // Neither are all of them refused at the door, nor are all of them harmless.
        Assert.That(succeeded[0], Is.InRange(count / 20, count * 9 / 10), $"refused at once, of {count}");
        Assert.That(succeeded[6], Is.InRange(count / 100, count * 9 / 10), $"that pass everything, of {count}");
    }

    private string Summary(int count, int[] succeeded, Stopwatch clock) =>
        $"{count} mutants in {clock.Elapsed.TotalSeconds:F0} s, by steps passed: {string.Join(" ", succeeded)}; "
        + $"at most {_mostAllocated >> 10} KiB allocated and {_longest.TotalMilliseconds:F0} ms taken";

    private int Try(int number)
    {
        var random = new Random(unchecked(Seed + number * 7919));
        (MutantSeed seed, GgufFields[] fields) = _seeds[random.Next(_seeds.Length)];
        int changed = random.Next(seed.Parts.Count);
        byte[][] parts = seed.Parts.ToArray();
        parts[changed] = new Mutator(random).Mutate(parts[changed], fields[changed]);
        string path = Write(seed, parts);
        string what = $"mutant {number} of \"{seed.Name}\", seed {Seed}";
        Volatile.Write(ref _running, number);
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        int succeeded = Use(path, what);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        // Time on the processor, since on a busy machine the clock says little.
        TimeSpan time = Environment.CpuUsage.TotalTime - busy;
        if (allocated > AllowedBytes + parts.Sum(part => (long)part.Length)) Assert.Fail($"{what}: {allocated} bytes allocated");
        if (time > s_allowedTime) Assert.Fail($"{what}: took {time.TotalSeconds:F1} s");
        _mostAllocated = Math.Max(_mostAllocated, allocated);
        if (time > _longest) _longest = time;
        return succeeded;
    }

    private static int Use(string path, string what)
    {
        try
        {
            return MutantUse.Run(path);
        }
        catch (Exception error)
        {
            throw new AssertionException($"{what}: {error}");
        }
    }

    private string Write(MutantSeed seed, IReadOnlyList<byte[]> parts)
    {
        if (parts.Count == 1) return WriteFile("mutant.gguf", parts[0]);
        string path = "";
        for (int i = 0; i < parts.Count; i++) path = WriteFile($"mutant-0000{i + 1}-of-0000{parts.Count}.gguf", parts[i]);
        return path;
    }

    private string WriteFile(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        // Rewriting a file is many times faster than making a new one.
        using FileStream stream = File.OpenWrite(path);
        stream.SetLength(bytes.Length);
        stream.Write(bytes);
        return path;
    }

    // The file stays where it is, so that it can be looked at.
    private void StopIfHopeless()
    {
        long startedAt = Volatile.Read(ref _startedAt);
        if (startedAt != 0 && Stopwatch.GetElapsedTime(startedAt) > s_hopeless)
            Environment.FailFast($"mutant {Volatile.Read(ref _running)}, seed {Seed}, has not ended after {s_hopeless.TotalSeconds} s");
    }

    private static int FromEnvironment(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
