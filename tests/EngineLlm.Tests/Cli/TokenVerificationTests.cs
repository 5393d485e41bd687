using System.Linq;
using EngineLlm.Cli;
using EngineLlm.Cli.Verification;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class TokenVerificationTests
{
    [Test]
    public void IdsAndTextsReadBackAreCountedApart()
    {
        using var file = new ScratchFile(
            """
            {"text":"ab","parse_special":false,"ids":[97,98],"decoded":"ab"}
            {"text":"ab","parse_special":false,"ids":[97],"decoded":"a"}

            {"text":"ab","parse_special":true,"ids":[97,98],"decoded":"a b"}
            {"text":"c","ids":[99]}
            """);
        TokenVerification verification = NewVerification();
        verification.Run(file.Path);
        Assert.That(verification.Lines, Is.EqualTo(4));
        Assert.That(verification.Mismatches, Is.EqualTo(1));
        Assert.That(verification.DecodedMismatches, Is.EqualTo(1));
        Assert.That(verification.Differences.Items.Select(d => d.Place), Is.EqualTo(new[] { $"{file.Path}:2", $"{file.Path}:4" }));
    }

    [TestCase("", "empty")]
    [TestCase("\n\n", "empty")]
    [TestCase("{\"text\":\"a\",\"ids\":[97]}\nnot json", ":2: ")]
    [TestCase("{\"text\":\"a\"}", "'ids'")]
    [TestCase("[1,2]", ":1: ")]
    [TestCase("null", ":1: ")]
    [TestCase("{\"text\":\"a\",\"ids\":[1e99]}", ":1: ")]
    [TestCase("{\"text\":\"a\",\"ids\":[97]", ":1: ")]
    [TestCase("\0\0\0\0", ":1: ")]
    public void ABadFileIsAnErrorOfOneLine(string text, string expected)
    {
        using var file = new ScratchFile(text);
        InputException error = Assert.Throws<InputException>(() => NewVerification().Run(file.Path))!;
        Assert.That(error.Message, Does.Contain(expected).And.Not.Contain("\n"));
    }

    [Test]
    public void AFileThatIsNotThereIsAnError()
    {
        Assert.Throws<InputException>(() => NewVerification().Run("no/such/file.jsonl"));
    }

    [TestCase("smollm2")]
    [TestCase("llama-spm")]
    public void TheReferencesOfTheProjectAgree(string name)
    {
        string model = name == "smollm2" ? SharedFiles.SmolLm2 : SharedFiles.PathOf("golden", "tokenizers", name + ".gguf");
        CommandRun run = CommandRun.Of(
            "verify", "--model", model, "--tokens", SharedFiles.PathOf("golden", "tokenizers", name + ".jsonl"), "--json");
        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        Assert.That(run.Output, Does.Contain("\"token_lines\": 80").And.Contain("\"token_mismatches\": 0"));
        Assert.That(run.Output, Does.Contain("\"decoded_mismatches\": 0"));
    }

    [Test]
    public void ReferencesOfAnotherModelAreOutsideTheTolerance()
    {
        CommandRun run = CommandRun.Of(
            "verify", "--model", SharedFiles.Stories260K, "--tokens", SharedFiles.PathOf("golden", "tokenizers", "smollm2.jsonl"));
        Assert.That(run.ExitCode, Is.EqualTo(1), run.Error);
        Assert.That(run.Output, Does.Contain("80 of 80"));
    }

    [Test]
    public void WithoutAReferenceThereIsNothingToVerify()
    {
        CommandRun run = CommandRun.Of("verify", "--model", "any.gguf");
        CommandLineTests.AssertOneLineError(run);
        Assert.That(run.Error, Does.Contain("--logits"));
    }

    // A vocabulary of Latin-1.
    private static TokenVerification NewVerification() =>
        new((text, _) => text.Select(c => (int)c).ToList(), ids => new string(ids.Select(id => (char)id).ToArray()));
}
