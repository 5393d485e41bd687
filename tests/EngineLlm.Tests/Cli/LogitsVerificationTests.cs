using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using EngineLlm.Cli;
using EngineLlm.Cli.Verification;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class LogitsVerificationTests
{
    // What Cycle gives: 3 of 4 parts for the next of four tokens, the rest shared.
    private const string Top = """{"ids":[NEXT],"logprobs":[-0.2876820724517809]}""";

    [Test]
    public void AModelThatIsTheReferenceHasNoDivergence()
    {
        using var file = new ScratchFile(Line("[0,1,2]", 1, 2, 3) + "\n" + Line("[3]", 0) + "\n");
        var verification = new LogitsVerification(new Cycle());
        verification.Run(file.Path, null, default);
        Assert.That(verification.Logits.Positions, Is.EqualTo(4));
        Assert.That(verification.Logits.MeanKl, Is.EqualTo(0).Within(1e-7));
        Assert.That(verification.Logits.SameTop, Is.EqualTo(1));
        Assert.That(verification.Greedy.Texts, Is.EqualTo(2));
        Assert.That(verification.Greedy.MeanMatch, Is.EqualTo(2));
    }

    [Test]
    public void AnotherTopTokenIsCounted()
    {
        using var file = new ScratchFile(Line("[0,1,2,3]", 1, 2, 3, 3));
        var verification = new LogitsVerification(new Cycle());
        verification.Run(file.Path, null, default);
        Assert.That(verification.Logits.SameTop, Is.EqualTo(0.75));
        Assert.That(verification.Logits.MeanKl, Is.GreaterThan(0.1));
    }

    [Test]
    public void ATextLongerThanTheContextSaysSo()
    {
        using var file = new ScratchFile(Line("[0,1,2,3,0,1,2,3]", 1, 2, 3, 0, 1, 2, 3, 0));
        PromptTooLongException error = Assert.Throws<PromptTooLongException>(
            () => new LogitsVerification(new Cycle()).Run(file.Path, null, default))!;
        Assert.That(error.Message, Does.Contain(":1").And.Contain("9 tokens").And.Contain("--context"));
    }

    [TestCase("""{"tokens":[],"top":[]}""", "'tokens'")]
    [TestCase("""{"tokens":[0]}""", "'top'")]
    [TestCase("""{"tokens":[0],"top":[]}""", "'top'")]
    [TestCase("""{"tokens":[4],"top":[{"ids":[1],"logprobs":[-1]}]}""", "vocabulary")]
    [TestCase("""{"tokens":[-1],"top":[{"ids":[1],"logprobs":[-1]}]}""", "vocabulary")]
    [TestCase("""{"tokens":[0],"top":[{"ids":[9],"logprobs":[-1]}]}""", "vocabulary")]
    [TestCase("""{"tokens":[0],"top":[{"ids":[],"logprobs":[]}]}""", "'ids'")]
    [TestCase("""{"tokens":[0],"top":[null]}""", "'ids'")]
    [TestCase("""{"tokens":[0],"top":[{"ids":[1,2],"logprobs":[-1]}]}""", "length")]
    [TestCase("""{"tokens":[0],"top":[{"ids":[1],"logprobs":[0.5]}]}""", "above 0")]
    [TestCase("""{"tokens":[0],"top":[{"ids":[1],"logprobs":[-1]}],"greedy":[77]}""", "vocabulary")]
    [TestCase("""{"tokens":"zero"}""", "tokens")]
    public void ABadLineIsAnErrorThatNamesIt(string line, string expected)
    {
        using var file = new ScratchFile(line);
        InputException error = Assert.Throws<InputException>(() => new LogitsVerification(new Cycle()).Run(file.Path, null, default))!;
        Assert.That(error.Message, Does.StartWith(file.Path + ":1").And.Contain(expected).And.Not.Contain("\n"));
    }

    private static string Line(string tokens, params int[] next)
    {
        string top = string.Join(',', next.Select(id => Top.Replace("NEXT", id.ToString(), StringComparison.Ordinal)));
        return $$"""{"text":"","parse_special":false,"tokens":{{tokens}},"top":[{{top}}],"greedy":[{{next[^1]}},{{(next[^1] + 1) % 4}}]}""";
    }

    /// <summary>A model of four tokens that counts in a circle.</summary>
    private sealed class Cycle : IReferenceModel
    {
        public int VocabularySize => 4;

        public int ContextLength => 8;

        public void ReadLogits(int[] tokens, LogitsHandler handler, CancellationToken cancellation)
        {
            for (int i = 0; i < tokens.Length; i++)
            {
                var logits = new float[4];
                Array.Fill(logits, (float)Math.Log(0.25 / 3));
                logits[(tokens[i] + 1) % 4] = (float)Math.Log(0.75);
                handler(i, logits);
            }
        }

        public IReadOnlyList<int[]> ContinueGreedily(IReadOnlyList<(int[] Prompt, int Count)> texts, CancellationToken cancellation) =>
            texts.Select(text => Enumerable.Range(1, text.Count).Select(i => (text.Prompt[^1] + i) % 4).ToArray()).ToList();
    }
}
