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

    /// <summary>The model that comes along is found from the sample's folder, and answers what players ask from the persona.</summary>
    [Test]
    public void TheModelThatComesAlongAnswersWhatPlayersAsk()
    {
        string[] questions =
        [
            "Who are you?", "What do you sell?", "How much is a bed?", "Where is the harbour?", "What happened here?", "Can I help you?",
        ];
        string[] facts = ["Mira", "fish stew for two coins", "five coins", "the old mill", "stole the silver bell", "ten coins"];
        string model = Path.Combine(Command.Root, "models", "npc", "lantern-npc.gguf");
        Command talk = Command.Run(NativeLibraryBuild.Compile(s_source, asCpp: false), [model, .. questions]);
        Assert.That(talk.ExitCode, Is.Zero, talk.Report);
        string[] lines = talk.Output.TrimEnd('\n').Split('\n');
        for (int i = 0; i < questions.Length; i++)
        {
            Assert.That(lines[2 * i], Is.EqualTo($"You: {questions[i]}"));
            Assert.That(lines[2 * i + 1], Does.StartWith("Mira: ").And.Contain(facts[i]), talk.Output);
        }
        string folder = Path.GetDirectoryName(s_source)!;
        Command unnamed = Command.Run(
            NativeLibraryBuild.Compile(s_source, asCpp: false), [], new Dictionary<string, string?> { ["ENGINELLM_MODEL"] = null }, folder);
        Assert.That(unnamed.Output, Does.Contain("fish stew for two coins"), unnamed.Report);
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
