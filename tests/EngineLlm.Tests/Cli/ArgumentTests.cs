using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

/// <summary>Arguments that are refused before anything is opened.</summary>
internal sealed class ArgumentTests
{
    [TestCase("play --budget abc", "'abc'")]
    [TestCase("play --budget 0", "0.05 to 1000")]
    [TestCase("play --budget NaN", "'NaN'")]
    [TestCase("play --budget", "--budget")]
    [TestCase("play --budget 4 --budget 5", "--budget")]
    [TestCase("play --temperature -1", "0 to 10")]
    [TestCase("play --seed -4", "'-4'")]
    [TestCase("play --seed 1.5", "'1.5'")]
    [TestCase("play --max-tokens 0", "--max-tokens")]
    [TestCase("play --context 4", "--context")]
    [TestCase("play --scene no/such/scene.json", "no/such/scene.json")]
    [TestCase("chat --max-tokens 99999999999999999999", "--max-tokens")]
    [TestCase("bench --batch 1,x", "'x'")]
    [TestCase("bench --batch 0", "1 to 256")]
    [TestCase("bench --batch 1,,2", "''")]
    [TestCase("bench --repeat 0", "--repeat")]
    [TestCase("bench --shape 9z", "9z")]
    [TestCase("bench --shape tiny --type q9_9", "q9_9")]
    [TestCase("bench --shape tiny --model some.gguf", "exclude each other")]
    [TestCase("verify --tokens some.jsonl", "--model")]
    [TestCase("verify --model no/such/model.gguf --tokens some.jsonl", "no/such/model.gguf")]
    [TestCase("verify --model some.gguf --logits no/such/logits.jsonl", "no/such/logits.jsonl")]
    [TestCase("verify --model some.gguf --logits some.jsonl --max-kl -1", "--max-kl")]
    [TestCase("play --model no/such/model.gguf", "no/such/model.gguf")]
    [TestCase("chat --model no/such/model.gguf", "no/such/model.gguf")]
    [TestCase("bench --model no/such/model.gguf", "no/such/model.gguf")]
    public void ABadArgumentIsOneLineThatNamesIt(string arguments, string named)
    {
        CommandRun run = CommandRun.Of(arguments.Split(' '));
        CommandLineTests.AssertOneLineError(run);
        Assert.That(run.Error, Does.Contain(named));
    }
}
