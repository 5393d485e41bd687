using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class CommandLineTests
{
    [TestCase("--bogus", "--bogus")]
    [TestCase("bogus", "bogus")]
    [TestCase("inspect", "file")]
    [TestCase("inspect a.gguf b.gguf", "b.gguf")]
    [TestCase("devices --nonsense", "--nonsense")]
    public void ArgumentErrorsAreOneLineThatPointsToTheHelp(string arguments, string named)
    {
        CommandRun run = CommandRun.Of(arguments.Split(' '));
        AssertOneLineError(run);
        Assert.That(run.Error, Does.Contain(named).And.Contain("--help"));
    }

    [Test]
    public void AMissingFileIsOneLine()
    {
        CommandRun run = CommandRun.Of("inspect", "no/such/model.gguf");
        AssertOneLineError(run);
        Assert.That(run.Error, Does.Contain("no/such/model.gguf"));
    }

    [Test]
    public void AFileThatIsNoGgufIsOneLine()
    {
        using var file = new ScratchFile("Once upon a time there was a file that was no model at all.", ".gguf");
        AssertOneLineError(CommandRun.Of("inspect", file.Path));
    }

    [Test]
    public void VerboseAddsTheStackTrace()
    {
        CommandRun run = CommandRun.Of("inspect", "no/such/model.gguf", "--verbose");
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain(" at EngineLlm."));
    }

    [Test]
    public void VersionIsTheOneOfTheRuntime()
    {
        CommandRun run = CommandRun.Of("--version");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output.Trim(), Is.EqualTo(typeof(EngineLlmException).Assembly.GetName().Version!.ToString(3)));
    }

    [Test]
    public void WithoutACommandItShowsTheHelp()
    {
        CommandRun run = CommandRun.Of();
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("Usage:").And.Contain("devices"));
    }

    [Test]
    public void EveryCommandHasHelp([Values("play", "chat", "bench", "devices", "inspect", "verify")] string command)
    {
        CommandRun run = CommandRun.Of(command, "--help");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain($"enginellm {command}"));
        Assert.That(run.Error, Is.Empty);
    }

    internal static void AssertOneLineError(CommandRun run)
    {
        Assert.That(run.ExitCode, Is.EqualTo(2), run.Output + run.Error);
        Assert.That(run.Error.Trim().Split('\n'), Has.Length.EqualTo(1), run.Error);
        Assert.That(run.Error, Does.StartWith("enginellm: "));
        Assert.That(run.Output, Is.Empty);
    }
}
