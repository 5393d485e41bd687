using System;
using System.IO;
using System.Linq;
using EngineLlm.Models.Gguf;
using EngineLlm.Tests.Models.Gguf;
using EngineLlm.Tokenization;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization;

public sealed class HostileVocabularyTests
{
    [Test]
    public void TheTinyVocabulariesWork()
    {
        Tokenizer bytePair = Load(TinyVocabulary.BytePair());
        Assert.That(bytePair.Encode("the the"), Is.EqualTo(new[] { 257, 258 }));
        Tokenizer sentencePiece = Load(TinyVocabulary.SentencePiece());
        Assert.That(sentencePiece.Encode("the the"), Is.EqualTo(new[] { 265, 265 }));
        Assert.That(sentencePiece.Decode(sentencePiece.Encode("é").ToArray()), Is.EqualTo("é"));
    }

    [Test]
    public void ContradictionsAreErrors()
    {
        AssertError<ModelFormatException>(b => b.Remove("tokenizer.ggml.merges"), "merges");
        AssertError<ModelFormatException>(b => Replace(b, "tokenizer.ggml.merges", "th"), "two tokens");
        AssertError<ModelFormatException>(b => Replace(b, "tokenizer.ggml.merges", "t h e"), "two tokens");
        AssertError<ModelFormatException>(b => Replace(b, "tokenizer.ggml.merges", " th"), "two tokens");
        AssertError<ModelFormatException>(b => Replace(b, "tokenizer.ggml.merges", "e e"), "does not have");
        AssertError<ModelFormatException>(b => b.Remove("tokenizer.ggml.token_type").Add("tokenizer.ggml.token_type", 1, 2, 3), "260 integers");
        AssertError<ModelFormatException>(b => b.Remove("tokenizer.ggml.token_type").Add("tokenizer.ggml.token_type", Enumerable.Repeat(9, 260).ToArray()), "unknown kind 9");
        AssertError<ModelFormatException>(b => b.Remove("tokenizer.ggml.eos_token_id").Add("tokenizer.ggml.eos_token_id", 260u), "eos_token_id");
        AssertError<ModelFormatException>(b => b.Add("tokenizer.ggml.bos_token_id", uint.MaxValue), "bos_token_id");
        AssertError<ModelFormatException>(b => Replace(b, "tokenizer.ggml.tokens", Enumerable.Repeat("same", 260).ToArray()), "the same text");
        AssertError<ModelFormatException>(b => Replace(b, "tokenizer.ggml.tokens", new string('x', 1 << 17)), "bytes long");
        AssertError<ModelFormatException>(b => b.Remove("tokenizer.ggml.tokens").Add("tokenizer.ggml.tokens", 1, 2), "strings");
        AssertError<UnsupportedModelException>(b => b.Remove("tokenizer.ggml.tokens"), "no vocabulary");
        AssertError<UnsupportedModelException>(b => b.Remove("tokenizer.ggml.pre"), "tokenizer.ggml.pre");
        AssertError<UnsupportedModelException>(b => Replace(b, "tokenizer.ggml.pre", "tekken\n"), "tekken?");
        AssertError<UnsupportedModelException>(b => b.Remove("tokenizer.ggml.model").Add("tokenizer.ggml.model", "rwkv"), "rwkv");
        AssertError<UnsupportedModelException>(b => b.Remove("tokenizer.ggml.model"), "no vocabulary");
        AssertError<ModelFormatException>(b => b.Add("tokenizer.ggml.eos_token_ids", 3, 260), "eos_token_ids");
        AssertError<ModelFormatException>(b => b.Add("tokenizer.ggml.eos_token_ids", "no"), "eos_token_ids");
        GgufBuilder shortScores = TinyVocabulary.SentencePiece().Remove("tokenizer.ggml.scores").Add("tokenizer.ggml.scores", 1f);
        Assert.That(() => Load(shortScores), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("scores"));
        GgufBuilder noNumber = TinyVocabulary.SentencePiece().Remove("tokenizer.ggml.scores").Add("tokenizer.ggml.scores", Enumerable.Repeat(float.NaN, 266).ToArray());
        Assert.That(() => Load(noNumber), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("no number"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void MutantsWorkOrFailWithATypedError(bool isBytePair)
    {
        const int seed = 4711;
        var random = new Random(seed);
        byte[] whole = (isBytePair ? TinyVocabulary.BytePair("<x>") : TinyVocabulary.SentencePiece()).ToArray();
        using var temporary = new TemporaryFile(whole);
        int failures = 0;
        for (int i = 0; i < 4000; i++)
        {
            byte[] mutant = (byte[])whole.Clone();
            for (int k = random.Next(1, 4); k > 0; k--) mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(temporary.Path, mutant);
            try
            {
                Tokenizer tokenizer = TokenizerGoldenTests.LoadPath(temporary.Path);
                tokenizer.Decode(tokenizer.Encode("the <x> \uFFFDé😀 1234", parseSpecial: true, addBos: true).ToArray(), writeSpecial: true);
            }
            catch (EngineLlmException)
            {
                failures++;
            }
            catch (Exception error)
            {
                Assert.Fail($"mutant {i} of seed {seed}: {error}");
            }
        }
        Assert.That(failures, Is.InRange(500, 3999));
    }

    private static Tokenizer Load(GgufBuilder builder)
    {
        using var temporary = new TemporaryFile(builder.ToArray());
        return TokenizerGoldenTests.LoadPath(temporary.Path);
    }

    private static void Replace(GgufBuilder builder, string key, params string[] values)
    {
        builder.Remove(key);
        if (key == "tokenizer.ggml.pre") builder.Add(key, values[0]);
        else builder.Raw(key, GgufKind.Array, w =>
        {
            GgufBuilder.WriteArrayHeader(w, GgufKind.String, values.Length);
            foreach (string value in values) GgufBuilder.WriteString(w, value);
        });
    }

    private static void AssertError<T>(Action<GgufBuilder> change, string expected) where T : EngineLlmException
    {
        GgufBuilder builder = TinyVocabulary.BytePair();
        change(builder);
        Assert.That(() => Load(builder), Throws.InstanceOf<T>().With.Message.Contains(expected).And.Message.Not.Contains("\n"));
    }
}
