using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using EngineLlm.Tests.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

/// <summary>The commands from their arguments to their exit codes, on a real device with real models.</summary>
internal sealed class EndToEndTests
{
    [Test]
    public void ThreeCharactersAnswerAPipe()
    {
        CommandRun run = CommandRun.WithInput(
            "everyone, good evening!\nMira, what do you sell?\n",
            ["play", "--model", SharedFiles.SmolLm2, "--seed", "1", "--max-tokens", "12"]);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        string[] lines = run.Output.Split('\n');
        int first = Array.IndexOf(lines, "> everyone, good evening!"), second = Array.IndexOf(lines, "> Mira, what do you sell?");
        Assert.That(
            lines[(first + 1)..second].Where(IsSpoken).Select(line => line.Split(':')[0]),
            Is.EquivalentTo(new[] { "Mira", "Bram", "Ysolde" }));
        Assert.That(lines[(second + 1)..].Where(IsSpoken).Select(line => line.Split(':')[0]), Is.EqualTo(new[] { "Mira" }));
        Assert.That(
            lines.Count(line => line.StartsWith('[') && line.Contains("tokens/s") && line.Contains("pages") && line.Contains("budget")),
            Is.EqualTo(2));
        Assert.That(run.Output.Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
    }

    [Test]
    public void TheSameSeedGivesTheSameAnswers()
    {
        string Play() => string.Join('\n', CommandRun.WithInput(
            "Bram, tell me about the serpent.\n",
            ["play", "--model", SharedFiles.SmolLm2, "--seed", "7", "--max-tokens", "10", "--budget", "20"])
            .Output.Split('\n').Where(IsSpoken));
        string once = Play();
        Assert.That(once, Does.Contain("Bram: "));
        Assert.That(Play(), Is.EqualTo(once));
    }

    [Test]
    public void ChatAnswersAPipeAndStopsWhereItIsTold()
    {
        CommandRun run = CommandRun.WithInput(
            "Name a colour.\n/reset\n/quit\nNever read.\n",
            ["chat", "--model", SharedFiles.SmolLm2, "--max-tokens", "6", "--temperature", "0"]);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output.Trim(), Is.Not.Empty);
        Assert.That(run.Output.Trim().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void VerifyAgreesWithTheReferenceAndSaysSoInJson()
    {
        CommandRun run = CommandRun.Of("verify", "--model", SharedFiles.Stories260K, "--logits", SharedFiles.PathOf(
            "golden", "stories260k", "logits.jsonl"), "--json");
        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        Assert.That(report.GetProperty("positions").GetInt32(), Is.EqualTo(35));
        Assert.That(report.GetProperty("mean_kl").GetDouble(), Is.LessThanOrEqualTo(0.0005));
        Assert.That(report.GetProperty("same_top").GetDouble(), Is.GreaterThanOrEqualTo(0.99));
        Assert.That(report.GetProperty("greedy_match").GetDouble(), Is.GreaterThan(0));
        Assert.That(report.TryGetProperty("token_mismatches", out _), Is.False);
    }

    [Test]
    public void VerifyHoldsSmolLm2ToItsReferences()
    {
        CommandRun run = CommandRun.Of(
            "verify", "--model", SharedFiles.SmolLm2, "--logits", SharedFiles.PathOf("golden", "smollm2", "logits.jsonl"),
            "--tokens", SharedFiles.PathOf("golden", "tokenizers", "smollm2.jsonl"), "--templates", SharedFiles.PathOf("golden", "chat_templates", "templates.json"), "--json");
        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        Assert.That(report.GetProperty("positions").GetInt32(), Is.EqualTo(1402));
        Assert.That(report.GetProperty("mean_kl").GetDouble(), Is.InRange(-0.00005, 0.0005));
        Assert.That(report.GetProperty("same_top").GetDouble(), Is.GreaterThanOrEqualTo(0.99));
        Assert.That(report.GetProperty("token_mismatches").GetInt32(), Is.Zero);
        Assert.That(report.GetProperty("templates_failed").GetInt32(), Is.Zero);
    }

    [Test]
    public void VerifyOutsideTheToleranceExitsWithOne()
    {
        CommandRun run = CommandRun.Of(
            "verify", "--model", SharedFiles.Stories260K, "--logits", SharedFiles.PathOf("golden", "stories260k", "logits.jsonl"),
            "--max-kl", "0");
        Assert.That(run.ExitCode, Is.EqualTo(1), run.Output + run.Error);
    }

    [Test]
    public void BenchWithoutOptionsMeasuresItsDefaults()
    {
        CommandRun run = CommandRun.Of("bench", "--shape", "tiny", "--tokens", "2", "--repeat", "1", "--json");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        Assert.That(report.RootElement.GetProperty("rows").GetArrayLength(), Is.EqualTo(2 + 3 * 2), "two prompts; three batches at two contexts");
    }

    [Test]
    public void BenchGivesItsRowsInJson()
    {
        string arguments = "bench --shape tiny --prefill 20 --batch 1,3 --context 0,40 --tokens 4 --repeat 1 --json";
        CommandRun run = CommandRun.Of(arguments.Split(' '));
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        Assert.That(report.GetProperty("device").GetString(), Is.Not.Empty);
        Assert.That(report.GetProperty("model").GetString(), Does.Contain("tiny").And.Contain("q4_0"));
        string[] rows = report.GetProperty("rows").EnumerateArray()
            .Select(row => $"{row.GetProperty("test").GetString()} {row.GetProperty("batch")} {row.GetProperty("context")}").ToArray();
        Assert.That(rows, Is.EqualTo(new[] { "prefill 1 0", "decode 1 0", "decode 3 0", "decode 1 40", "decode 3 40" }));
        foreach (JsonElement row in report.GetProperty("rows").EnumerateArray())
            Assert.That(row.GetProperty("tokens_per_second").GetDouble(), Is.GreaterThan(0));
    }

    [Test]
    public void DevicesListsWhatWouldBeChosen()
    {
        CommandRun run = CommandRun.Of("devices", "--json");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        JsonElement devices = JsonDocument.Parse(run.Output).RootElement.GetProperty("devices");
        Assert.That(devices.EnumerateArray().Count(device => device.GetProperty("chosen").GetBoolean()), Is.EqualTo(1));
        Assert.That(CommandRun.Of("devices").Output, Does.Contain("chosen by default"));
    }

    [TestCase("play")]
    [TestCase("chat")]
    [TestCase("bench")]
    public void ADeviceThatDoesNotExistIsOneLine(string command)
    {
        CommandRun run = CommandRun.Of(command, "--model", SharedFiles.Stories260K, "--device", "no such card");
        CommandLineTests.AssertOneLineError(run);
        Assert.That(run.Error, Does.Contain("no such card"));
    }

    [Test]
    public void APersonaLongerThanTheContextIsOneLine()
    {
        CommandRun run = CommandRun.WithInput("Mira, hello\n", ["play", "--model", SharedFiles.SmolLm2, "--context", "16"]);
        CommandLineTests.AssertOneLineError(run);
    }

    [Test]
    public void ALineLongerThanTheContextIsOneLine()
    {
        string line = string.Join(' ', Enumerable.Repeat("word", 200));
        CommandRun run = CommandRun.WithInput(line + "\n", ["chat", "--model", SharedFiles.SmolLm2, "--context", "64"]);
        CommandLineTests.AssertOneLineError(run);
    }

    [Test]
    public void AnUnknownArchitectureIsOneLine()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "unknown-architecture.gguf");
        File.WriteAllBytes(path, new GgufBuilder().Add("general.architecture", "perceptron").ToArray());
        CommandRun run = CommandRun.Of("chat", "--model", path);
        CommandLineTests.AssertOneLineError(run);
        Assert.That(run.Error, Does.Contain("perceptron"));
    }

    [Test]
    public void ControlCEndsAnAnswerWithItsOwnExitCode()
    {
        using var interruption = new CancellationTokenSource();
        interruption.Cancel();
        CommandRun run = CommandRun.WithInput("Mira, hello\n", ["play", "--model", SharedFiles.SmolLm2], interruption.Token);
        Assert.That(run.ExitCode, Is.EqualTo(130), run.Output + run.Error);
    }

    private static bool IsSpoken(string line) => new[] { "Mira: ", "Bram: ", "Ysolde: " }.Any(line.StartsWith);
}
