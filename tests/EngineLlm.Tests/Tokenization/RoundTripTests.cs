using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using EngineLlm.Tokenization;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization;

/// <summary>
/// Decoding the ids of a text gives the text back, with two exceptions that are the vocabularies' own: SentencePiece writes a space as
/// U+2581, so that this character comes back as a space, and SmolLM 2 has no tokens for a few bytes: six control characters, and the first
/// bytes of the unassigned U+40000 to U+BFFFF.
/// </summary>
public sealed class RoundTripTests
{
    private const int Texts = 10_000;
    private const int Seed = 99;
    private const char SentencePieceSpace = '\u2581';

    private static readonly string[] s_pieces =
    [
        "<|im_end|>", "<|endoftext|>", "</s>", "<s>", "<unk>", "<|end|>", "<0x0A>", "[INST]", "<think>", "  ", "\n\n", "\r\n", "\t",
        "    ", "'s", "I'LL", "don't", "123456", " the", "Hello", "e\u0301", "\u200D", "\0", "\u00A0", "\uFEFF", "\u2028", "\uFFFD", "\uFFFF",
    ];

    [TestCase("smollm2", false)]
    [TestCase("gpt-2", false)]
    [TestCase("llama-bpe", false)]
    [TestCase("qwen2", false)]
    [TestCase("llama-spm", true)]
    [TestCase("phi-3", true)]
    public void AnyTextComesBack(string name, bool isSentencePiece)
    {
        var random = new Random(Seed);
        Tokenizer tokenizer = TokenizerGoldenTests.Load(name);
        HashSet<byte> missing = [.. Enumerable.Range(0, 256).Select(i => (byte)i).Where(b => !isSentencePiece && !HasByte(tokenizer, b))];
        int checkedCount = 0;
        for (int i = 0; checkedCount < Texts; i++)
        {
            string text = RandomText(random);
            List<int> ids = tokenizer.Encode(text, parseSpecial: false, addBos: i % 2 == 1 && tokenizer.AddsBos);
            string decoded = tokenizer.Decode([.. ids]);
            if (missing.Count > 0 && Encoding.UTF8.GetBytes(text).Any(missing.Contains)) continue;
            checkedCount++;
            string expected = isSentencePiece ? text.Replace(SentencePieceSpace, ' ') : text;
            if (decoded != expected)
                Assert.Fail($"text {i} of seed {Seed}: \"{text}\" comes back as \"{decoded}\" from {string.Join(' ', ids)}");
            Assert.That(i, Is.LessThan(4 * Texts), "most texts are checked");
        }
    }

    [TestCase("gpt-2")]
    [TestCase("llama-bpe")]
    [TestCase("qwen2")]
    [TestCase("smollm2")]
    public void OnlySmolLm2LacksBytesThatTextsHave(string name)
    {
        Tokenizer tokenizer = TokenizerGoldenTests.Load(name);
        int[] missing = [.. Enumerable.Range(0, 256).Where(i => OccursInUtf8(i) && !HasByte(tokenizer, (byte)i))];
        int[] expected = name == "smollm2" ? [0x04, 0x06, 0x13, 0x14, 0x16, 0x1D, 0xF1, 0xF2] : [];
        Assert.That(missing, Is.EqualTo(expected));
    }

    /// <summary>Up to 20 pieces: any code points, those that people write, and words that may be special tokens.</summary>
    internal static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (int length = random.Next(1, 20); length > 0; length--)
        {
            int codePoint = random.Next(8) switch
            {
                0 or 1 => random.Next(0x20, 0x7F),
                2 => random.Next(0, 0x20),
                3 => random.Next(0x80, 0x600),
                4 => random.Next(0x2000, 0x3100),
                5 => random.Next(0x4E00, 0x9FFF),
                6 => random.Next(0x10000, 0x110000),
                _ => -1,
            };
            text.Append(codePoint < 0 ? s_pieces[random.Next(s_pieces.Length)] : char.ConvertFromUtf32(codePoint));
        }
        return text.ToString();
    }

    private static bool OccursInUtf8(int value) => value is < 0xC0 or (>= 0xC2 and <= 0xF4);

    private static bool HasByte(Tokenizer tokenizer, byte value) => tokenizer.TryGetToken(ByteLevel.Character(value).ToString(), out _);
}
