using System.Linq;
using EngineLlm.Cli;
using EngineLlm.Cli.Verification;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class TemplateVerificationTests
{
    private const string File = """
        {
          "ours": { "template": "T", "cases": [
            { "case": "one", "messages": [ { "role": "user", "content": "Hi" } ], "add_generation_prompt": true, "prompt": "user:Hi;" },
            { "case": "two", "messages": [ { "role": "user", "content": "Hi" } ], "add_generation_prompt": false, "prompt": "user:Hello;" },
            { "case": "three", "messages": [ { "role": "system", "content": "Hi" } ], "add_generation_prompt": false, "error": "no system" } ] },
          "theirs": { "template": "U", "cases": [] }
        }
        """;

    [Test]
    public void OnlyTheModelsOwnTemplateIsCompared()
    {
        using var file = new ScratchFile(File);
        TemplateVerification verification = NewVerification("T");
        verification.Run(file.Path);
        Assert.That(verification.Cases, Is.EqualTo(3));
        Assert.That(verification.Failed, Is.EqualTo(1));
        Assert.That(verification.Skipped, Is.EqualTo(1));
        Assert.That(verification.Differences.Items.Single().Place, Does.Contain("two"));
    }

    [TestCase("V", "none of its 2 templates")]
    [TestCase(null, "no chat template")]
    public void NothingToCompareIsAnError(string? template, string expected)
    {
        using var file = new ScratchFile(File);
        InputException error = Assert.Throws<InputException>(() => NewVerification(template).Run(file.Path))!;
        Assert.That(error.Message, Does.Contain(expected));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("""{ "a": null }""")]
    [TestCase("""{ "a": { "template": "T" } }""")]
    [TestCase("""{ "a": { "template": "T", "cases": [ null ] } }""")]
    [TestCase("""{ "a": { "template": "T", "cases": [ { "messages": [ null ], "prompt": "" } ] } }""")]
    [TestCase("""{ "a": { "template": "T", "cases": [ { "messages": [ { "role": "user" } ], "prompt": "" } ] } }""")]
    [TestCase("""{ "a": { "template": "T", "cases": [ { "messages": [] } ] } }""")]
    public void ABadFileIsAnErrorOfOneLine(string text)
    {
        using var file = new ScratchFile(text);
        InputException error = Assert.Throws<InputException>(() => NewVerification("T").Run(file.Path))!;
        Assert.That(error.Message, Does.StartWith(file.Path).And.Not.Contain("\n"));
    }

    private static TemplateVerification NewVerification(string? template) => new(template, (messages, _) =>
    {
        if (messages[0].Role == "system") throw new UnsupportedModelException("The template says: no system");
        return string.Concat(messages.Select(m => $"{m.Role}:{m.Content};"));
    });
}
