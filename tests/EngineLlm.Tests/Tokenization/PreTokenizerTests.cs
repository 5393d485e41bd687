using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using EngineLlm.Models.Gguf;
using EngineLlm.Tests.Models.Gguf;
using EngineLlm.Tokenization;
using EngineLlm.Tokenization.PreTokenizers;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization;

public sealed class PreTokenizerTests
{
    // Names that GGUF files have, each rule at least once.
    private static readonly string[] s_names =
    [
        "gpt-2", "phi-2", "mpt", "olmo", "jais", "exaone4", "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone",
        "minerva-7b", "llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "lfm2", "dbrx", "smaug-bpe", "glm4", "chatglm-bpe",
        "qwen2", "stablelm2", "megrez", "deepseek-r1-qwen", "hunyuan", "grok-2", "qwen35", "gpt-4o", "llama4", "kanana2", "tekken",
        "bloom", "poro-chat", "gpt3-finnish", "viking", "bailingmoe", "seed-coder", "jais-2", "ufakzeka", "laguna", "falcon", "default",
        "tiny_aya", "deepseek-llm", "deepseek-coder", "deepseek-v3", "hunyuan-dense", "chameleon", "minicpm5", "youtu",
    ];

    private static readonly string[] s_rules = PreTokenizer.CommonNames.Split(", ");

    private static readonly string[] s_patterns =
    [
        PreTokenizerPatterns.Gpt2, PreTokenizerPatterns.Llama3, PreTokenizerPatterns.Qwen2, PreTokenizerPatterns.Qwen35,
        PreTokenizerPatterns.MiniCpm5, PreTokenizerPatterns.BailingMoe, PreTokenizerPatterns.SeedCoder, PreTokenizerPatterns.Jais2,
        PreTokenizerPatterns.Tekken, PreTokenizerPatterns.Gpt4o, PreTokenizerPatterns.Youtu, PreTokenizerPatterns.YoutuScripts,
        PreTokenizerPatterns.DeepSeek3, PreTokenizerPatterns.DeepSeekLetters, PreTokenizerPatterns.DeepSeekPunctuation,
        PreTokenizerPatterns.DeepSeekAsia, PreTokenizerPatterns.Bloom, PreTokenizerPatterns.NoContractions, PreTokenizerPatterns.HanAndKana,
        @"[\p{P}$+<=>^~|`]+", @"[\p{P}!-/:-@\[-`{-~]", "<sentinel:[0-9]+>", "IMGIMG[A-I]{1,4}Z", @"[\t\n]|    |  ", @"\s?\p{P}+",
    ];

    // Worked out by hand from the families' regular expressions.
    [TestCase("gpt-2", "I'll  pay 1234 coins!\n\nOK", "I|'ll| | pay| 1234| coins|!|\n|\n|OK")]
    [TestCase("gpt-2", "I'LL", "I|'|LL")]
    [TestCase("smollm", "a 1234", "a| |1|2|3|4")]
    [TestCase("llama-bpe", "I'LL pay 12345 (coins).\n\n  OK", "I|'LL| pay| |123|45| (|coins|).\n\n| | OK")]
    [TestCase("qwen2", "x=12", "x|=|1|2")]
    [TestCase("qwen2", "ne\u0301e", "ne|\u0301e")]
    [TestCase("qwen35", "ne\u0301e 12", "ne\u0301e| |1|2")]
    [TestCase("gpt-4o", "HelloWORLDs I'll //\n\n1234", "Hello|WORLDs| I'll| //\n\n|123|4")]
    [TestCase("gpt-4o", "XMLHttp \u00C9t\u00E9", "XMLHttp| \u00C9t\u00E9")]
    [TestCase("gpt-4o", "\u3042AB", "\u3042|AB")]
    [TestCase("tekken", "I'll pay 12 camelCase", "I|'ll| pay| |1|2| camel|Case")]
    [TestCase("deepseek-llm", "Gold: 123 \u4F60\u597D\uFF0C\n x ", "Gold|:| |123| |\u4F60\u597D|\uFF0C|\n| x| ")]
    [TestCase("deepseek-coder", "a 123,b", "a| |1|2|3|,|b")]
    [TestCase("deepseek-v3", "x.Name 1234 \u4F60a", "x|.Name| |123|4| |\u4F60|a")]
    [TestCase("falcon", "cost:12345 $5", "cost|:|123|45| |$|5")]
    [TestCase("bloom", "Hi (all), you", "Hi| (|all|),| you")]
    [TestCase("viking", "in 1999", "in| |1|9|9|9")]
    [TestCase("chameleon", "a  b, 12\n", "a|  |b|,| |1|2|\n")]
    [TestCase("jais-2", "a     b", "a|    | b")]
    [TestCase("seed-coder", "a!\nb", "a|!|\n|b")]
    [TestCase("bailingmoe", "a\n\nb", "a|\n\n|b")]
    [TestCase("tiny_aya", "1234567 12ab", "1|234|567| |12|ab")]
    [TestCase("minicpm5", "a 12345", "a| |123|45")]
    [TestCase("ufakzeka", "Ali'ye I's", "Ali|'ye| I|'s")]
    [TestCase("llama-bpe", "\U0001D400\U0001D401 \U0001F984", "\U0001D400\U0001D401| \U0001F984")]
    public void CutsAsTheFamilyDoes(string name, string text, string words) => Assert.That(Split(name, text), Is.EqualTo(words.Split('|')));

    [Test]
    public void EveryNameIsKnownAndLosesNoText()
    {
        const int seed = 7;
        var random = new Random(seed);
        string[] texts = [.. Enumerable.Range(0, 50).Select(_ => RoundTripTests.RandomText(random))];
        foreach (string name in s_names)
        {
            foreach (string text in texts) Assert.That(string.Concat(Split(name, text)), Is.EqualTo(text), $"{name}, seed {seed}");
        }
        Assert.That(s_rules, Is.SubsetOf(s_names));
    }

    [TestCaseSource(nameof(s_patterns))]
    public void PatternsMatchAsRegularExpressionsDo(string pattern)
    {
        const int seed = 11;
        var random = new Random(seed);
        // .NET sees halves of surrogate pairs, so this compares texts without them.
        string plain = Regex.Replace(pattern, @"\\u\{([0-9A-F]{5})\}-\\u\{[0-9A-F]{5}\}", "");
        var regex = new Regex(
            Regex.Replace(plain, @"\\u\{([0-9A-F]+)\}", match => "\\u" + match.Groups[1].Value.PadLeft(4, '0')),
            RegexOptions.CultureInvariant);
        var rule = new PatternRule(pattern);
        for (int i = 0; i < 2000; i++)
        {
            string text = RandomBmpText(random);
            var ends = new List<int>();
            rule.Split(text, 0, ends);
            Assert.That(ends, Is.EqualTo(EndsByRegex(regex, text)), $"text {i} of seed {seed}: \"{text}\"");
        }
    }

    [TestCaseSource(nameof(s_rules))]
    public void HostileTextsTakeNoLongerThanTheyAreLong(string name)
    {
        const int length = 30_000;
        string[] units =
        [
            " ", "\n", " \n", "a", "A", "\u3042A", "1", "'", "!", "\u0301", "<sentinel:", "IMGIMG", "  x", "\u4F60", "\U0001F984", "'s",
        ];
        PreTokenizer preTokenizer = PreTokenizer.ForName(name)!;
        foreach (string unit in units)
        {
            foreach (string tail in new[] { "", "x" })
            {
                string text = string.Concat(Enumerable.Repeat(unit, length / unit.Length)) + tail;
                var clock = Stopwatch.StartNew();
                List<int> ends = preTokenizer.Split(text);
                Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)), $"{name}, \"{unit}\" again and again, then \"{tail}\"");
                Assert.That(ends[^1], Is.EqualTo(text.Length));
            }
        }
    }

    [Test]
    public void AnUnknownOneIsAnErrorThatNamesTheWayRound()
    {
        using var temporary = new TemporaryFile(Unknown("from-next-year").ToArray());
        using GgufFile file = GgufFile.Open(temporary.Path);
        Assert.That(
            () => Tokenizer.Create(file),
            Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains("from-next-year").And.Message.Contains("--pre-tokenizer")
                .And.Message.Contains("EngineOptions.PreTokenizer").And.Message.Contains("qwen2"));
        Tokenizer given = Tokenizer.Create(file, "gpt-2");
        Assert.That((given.Kind, given.Encode("the the").ToArray()), Is.EqualTo(("byte-level BPE (gpt-2)", new[] { 257, 258 })));
        Assert.That(() => Tokenizer.Create(file, "gpt-3"), Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains("gpt-3"));
    }

    [TestCase("llama-bpe", true)]
    [TestCase("tekken", true)]
    [TestCase("chameleon", true)]
    [TestCase("qwen2", false)]
    [TestCase("gpt-2", false)]
    public void TheFamilySaysWhetherTextsBeginWithBos(string name, bool addsBos)
    {
        using var temporary = new TemporaryFile(Unknown(name).Add("tokenizer.ggml.bos_token_id", 259u).ToArray());
        Assert.That(TokenizerGoldenTests.LoadPath(temporary.Path).AddsBos, Is.EqualTo(addsBos));
        using var told = new TemporaryFile(
            Unknown(name).Add("tokenizer.ggml.bos_token_id", 259u).Add("tokenizer.ggml.add_bos_token", !addsBos).ToArray());
        Assert.That(TokenizerGoldenTests.LoadPath(told.Path).AddsBos, Is.EqualTo(!addsBos));
    }

    private static GgufBuilder Unknown(string name) =>
        TinyVocabulary.BytePair().Remove("tokenizer.ggml.pre").Add("tokenizer.ggml.pre", name);

    private static List<string> Split(string name, string text)
    {
        PreTokenizer? preTokenizer = PreTokenizer.ForName(name);
        Assert.That(preTokenizer, Is.Not.Null, name);
        var words = new List<string>();
        int start = 0;
        foreach (int end in preTokenizer!.Split(text))
        {
            words.Add(text[start..end]);
            start = end;
        }
        return words;
    }

    private static List<int> EndsByRegex(Regex regex, string text)
    {
        var ends = new List<int>();
        int done = 0;
        foreach (Match match in regex.Matches(text))
        {
            if (match.Length == 0) continue;
            if (match.Index > done) ends.Add(match.Index);
            ends.Add(done = match.Index + match.Length);
        }
        if (done < text.Length) ends.Add(text.Length);
        return ends;
    }

    private static string RandomBmpText(Random random)
    {
        const string common = "aAbZs'tTdDmMrReElLvV   \n\r\t\u00A0\u3000 0189.,!?(|)/-_<>$+=^~`{}[]"
            + "\u00C9\u00E9\u01C5\u02B0\u3042\u4F60\uAC00\u0301\u2160\u00B2\uFF0C\u3002";
        var text = new StringBuilder();
        for (int length = random.Next(1, 24); length > 0; length--)
        {
            if (random.Next(4) > 0)
            {
                text.Append(common[random.Next(common.Length)], random.Next(8) == 0 ? random.Next(1, 9) : 1);
                continue;
            }
            char any = (char)random.Next(1, 0x10000);
            // The long s and the Kelvin sign are cases of s and k to .NET alone.
            if (!char.IsSurrogate(any) && any is not ('\u017F' or '\u212A')) text.Append(any);
        }
        return text.ToString();
    }
}
