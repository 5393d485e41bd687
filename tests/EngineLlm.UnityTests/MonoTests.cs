using System;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace EngineLlm.UnityTests;

/// <summary>The assemblies of the package, and the components over them, on Mono.</summary>
public sealed class MonoTests
{
    private UnityPackage _package = null!;
    private MonoRuntime _mono = null!;

    [OneTimeSetUp]
    public void Find()
    {
        _package = UnityPackage.Get();
        _mono = MonoRuntime.Get();
    }

    [Test]
    public void Debian_s_library_lacks_five_members_of_spans_and_nothing_else()
    {
        TestContext.Out.WriteLine(string.Join('\n', _mono.AddedMembers));
        using var folders = new AssemblyFolders([_package.PathOf("Runtime/Plugins"), .. _mono.Folders]);

        Assert.That(_mono.AddedMembers, Has.Count.EqualTo(5));
        string[] missing = _package.Assemblies
            .SelectMany(path => folders.MissingFrom(path).Select(member => $"{Path.GetFileName(path)} needs {member}")).ToArray();
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void The_components_live_on_Mono()
    {
        string model = Repository.SharedModel("stories260k-f32.gguf");

        (int exitCode, string output) = _mono.Run("life", model, HostRun.Folder());

        TestContext.Out.WriteLine(output);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("finished"));
        Assert.That(output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)),
            Is.EqualTo(LifeCycleTests.ExpectedChecks), output);
    }

    [Test]
    public void A_character_says_the_same_on_Mono_as_on_NET()
    {
        // A byte-level vocabulary, which goes through Microsoft.ML.Tokenizers; the other tests' model has a SentencePiece one.
        string model = Repository.SharedModel("smollm2-135m-instruct-q4_1.gguf");

        string onMono = AnswerOf(_mono.Run("answer", model, HostRun.Folder()));
        string onNet = AnswerOf(HostRun.Run("dotnet", [HostRun.Player, "answer", model, HostRun.Folder()], Validation.None));

        Assert.That(onMono, Has.Length.GreaterThan(20));
        Assert.That(onMono, Is.EqualTo(onNet));
    }

    private static string AnswerOf((int ExitCode, string Output) run)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        string answer = run.Output.Split('\n').Single(line => line.StartsWith("answer ", StringComparison.Ordinal))["answer ".Length..];
        TestContext.Out.WriteLine(answer);
        return answer;
    }
}
