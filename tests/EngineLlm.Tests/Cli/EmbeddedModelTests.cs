using System.IO;
using System.Linq;
using System.Text.Json;
using EngineLlm.Cli;
using EngineLlm.Sampling;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

/// <summary>The model that comes with the repository: what its card promises, on the machine's device.</summary>
internal sealed class EmbeddedModelTests
{
    private static readonly string s_folder = Path.GetDirectoryName(ModelLocator.Embedded()!)!;

    [Test]
    public void ItIsFoundWhereNoModelIsNamed()
    {
        Assert.That(Path.GetFileName(ModelLocator.Embedded()), Is.EqualTo(ModelLocator.EmbeddedModel));
        Assert.That(new FileInfo(ModelLocator.Embedded()!).Length, Is.LessThanOrEqualTo(25 << 20));
    }

    [Test]
    public void ItTakesTheLikeliestWordWhereNobodySaysOtherwise()
    {
        using LlmEngine engine = LlmEngine.Load(ModelLocator.Embedded()!, new EngineOptions { ContextLength = 256 });
        Assert.That(engine.DefaultSampling, Is.EqualTo(SamplingParameters.Greedy));
        using LlmEngine other = LlmEngine.Load(SharedFiles.Stories260K, new EngineOptions { ContextLength = 256 });
        Assert.That(other.DefaultSampling, Is.EqualTo(new SamplingParameters()));
    }

    /// <summary>The references are the training framework's, computed with the shipped file's weights.</summary>
    [Test]
    public void LogitsAndTokensAreThoseOfTheTrainingFramework()
    {
        CommandRun run = CommandRun.Of(
            "verify", "--model", ModelLocator.Embedded()!, "--logits", Path.Combine(s_folder, "golden", "logits.jsonl"),
            "--tokens", Path.Combine(s_folder, "golden", "tokens.jsonl"), "--json");
        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        Assert.That(report.GetProperty("positions").GetInt32(), Is.EqualTo(444));
        Assert.That(report.GetProperty("mean_kl").GetDouble(), Is.InRange(-0.00005, 0.001));
        Assert.That(report.GetProperty("same_top").GetDouble(), Is.GreaterThanOrEqualTo(0.99));
        Assert.That(report.GetProperty("token_mismatches").GetInt32(), Is.Zero);
    }

    /// <summary>A part of the questions that `eval-npc` asks; the card has the figures of all.</summary>
    [TestCase("facts", 30, "right_facts", 0.9)]
    [TestCase("unknown", 15, "declined", 0.8)]
    public void HeldOutQuestionsAreAnsweredFromThePersona(string set, int count, string figure, double atLeast)
    {
        string questions = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{set}-{count}.jsonl");
        string[] lines = [.. File.ReadLines(Path.Combine(s_folder, "eval", set + ".jsonl")).Take(count)];
        File.WriteAllLines(questions, lines);
        CommandRun run = CommandRun.Of("eval-npc", "--questions", questions, "--json", "--answers");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        JsonElement figures = report.GetProperty("figures");
        Assert.That(figures.GetProperty(figure).GetDouble(), Is.GreaterThanOrEqualTo(atLeast), run.Output);
        Assert.That(figures.GetProperty("wrong_facts").GetDouble(), Is.LessThanOrEqualTo(0.03), run.Output);
        Assert.That(
            report.GetProperty("answers").EnumerateArray().Select(answer => answer.GetProperty("question").GetString()),
            Is.EqualTo(lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("turns")[0].GetProperty("text").GetString())), "in the order of the file");
    }

    [Test]
    public void TheSceneSaysWhoSpeaksAndSpeaks()
    {
        CommandRun run = CommandRun.WithInput("Mira, who are you?\n", ["play", "--temperature", "0"]);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain("They speak through Lantern NPC").And.Contain("--model"));
        Assert.That(run.Output.Split('\n').Last(line => line.StartsWith("Mira: ")), Does.Contain("Mira"));
    }

    /// <summary>Talks longer than those that it learnt from would end in "I don't know": the oldest exchanges are forgotten before that.</summary>
    [Test]
    public void ALongTalkIsAnsweredAsWellAsAShortOne()
    {
        string lines = string.Concat(Enumerable.Repeat("Bram, what do you sell?\nBram, what happened here?\n", 5)) + "Bram, who is your daughter?\n";
        CommandRun run = CommandRun.WithInput(lines, ["play"]);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output.Split('\n').Last(line => line.StartsWith("Bram: ")), Does.Contain("Nell"));
    }
}
