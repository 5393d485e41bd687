using System.Collections.Generic;
using System.IO;
using EngineLlm.Tests;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>The C sample, compiled as its users would, has a character answer.</summary>
internal sealed class CSampleTests
{
    private static readonly string s_source = Path.Combine(Command.Root, "samples", "c", "talk.c");

    [Test]
    public void ACharacterAnswersFromC([Values] bool asCpp)
    {
        Command talk = Command.Run(NativeLibraryBuild.Compile(s_source, asCpp), [SharedFiles.SmolLm2, "What do you sell?", "Thank you!"]);
        Assert.That(talk.ExitCode, Is.Zero, talk.Report);
        string[] lines = talk.Output.TrimEnd('\n').Split('\n');
        Assert.That(lines[0], Is.EqualTo("You: What do you sell?"));
        Assert.That(lines[1], Does.StartWith("Mira: ").And.Contain("stew"), "she answers from her persona");
        Assert.That(lines[^1], Does.Match(@"^Mira: \S+"));
    }

    [Test]
    public void TheModelIsTakenFromTheEnvironmentAndAskedForWhereThereIsNone()
    {
        string program = NativeLibraryBuild.Compile(s_source, asCpp: false);
        string nowhere = Directory.CreateTempSubdirectory("enginellm-native-").FullName;
        Command missing = Command.Run(program, [], new Dictionary<string, string?> { ["ENGINELLM_MODEL"] = "no_such.gguf" }, nowhere);
        Assert.That(missing.ExitCode, Is.EqualTo(1), missing.Report);
        Assert.That(missing.Errors, Does.Contain("no_such.gguf"));
        Command unnamed = Command.Run(program, [], new Dictionary<string, string?> { ["ENGINELLM_MODEL"] = null }, nowhere);
        Assert.That(unnamed.ExitCode, Is.EqualTo(2));
        Assert.That(unnamed.Errors, Does.Contain("ENGINELLM_MODEL"));
    }
}
