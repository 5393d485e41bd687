using System.Collections.Generic;
using System.IO;
using EngineLlm.Tests;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>What the library promises to bear: wrong use, and being used a thousand times.</summary>
internal sealed class WrongUseTests
{
    private static string SourceOf(string name) => Path.Combine(Command.Root, "tests", "EngineLlm.NativeTests", "C", name);

    [Test]
    public void WrongUseGivesErrorCodes()
    {
        string folder = Directory.CreateTempSubdirectory("enginellm-wrong-").FullName;
        Command used = Command.Run(NativeLibraryBuild.Compile(SourceOf("wrong_use.c"), asCpp: false), [SharedFiles.Stories260K, folder]);
        Directory.Delete(folder, recursive: true);
        Assert.That(used.ExitCode, Is.Zero, used.Report);
        Assert.That(used.Output, Does.Match(@"^\d{3,} checks, 0 failed\n$"));
    }

    // Some engines until the drivers and .NET have what they keep for good; then every one has to give back all that it took. An engine of
    // this model takes some megabytes. Resident memory rises and falls by several of its own accord. Allocated memory is exact, since the
    // program runs without malloc's caches: what a thread has freed and keeps in its own counts as allocated, some megabytes among the
    // threads of .NET and of a driver. What is left is lavapipe's: 144 bytes for each device ever made, without an engine too.
    [TestCase(24, 12, 32, 2)]
    [TestCase(1000, 100, 24, 2, Explicit = true, Reason = "takes 8 minutes on an idle machine")]
    public void EnginesLeaveNothingBehind(int count, int settled, int residentMebibytes, int allocatedMebibytes)
    {
        string program = NativeLibraryBuild.Compile(SourceOf("many_engines.c"), asCpp: false);
        string[] limits = [$"{residentMebibytes << 10}", $"{allocatedMebibytes << 10}"];
        var withoutCaches = new Dictionary<string, string?> { ["GLIBC_TUNABLES"] = "glibc.malloc.tcache_count=0" };
        Command used = Command.Run(
            program, [SharedFiles.Stories260K, $"{count}", $"{settled}", .. limits], withoutCaches, timeoutSeconds: 60 + 5 * count);
        Assert.That(used.ExitCode, Is.Zero, used.Report);
        TestContext.Out.WriteLine(used.Output);
    }
}
