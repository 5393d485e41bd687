using System;
using static EngineLlm.Tokenization.PreTokenizers.PreTokenizerPatterns;

namespace EngineLlm.Tokenization.PreTokenizers;

/// <summary>Which names stand for which passes, and what else a name says (the facts are llama.cpp's, which gives the names).</summary>
internal static class KnownPreTokenizers
{
    /// <summary>One name for each rule, the best known.</summary>
    internal static readonly string[] CommonNames =
    {
        "gpt-2", "llama-bpe", "qwen2", "qwen35", "smollm", "tekken", "gpt-4o", "deepseek-llm", "deepseek-coder", "deepseek-v3", "falcon",
        "dbrx", "bloom", "viking", "chameleon", "jais-2", "seed-coder", "bailingmoe", "minicpm5", "youtu", "tiny_aya", "ufakzeka", "laguna",
        "default",
    };

    /// <summary>The pre-tokenizer of that name, or null where it is not known.</summary>
    internal static PreTokenizer? Create(string name) => name switch
    {
        "llama-bpe" or "llama3" or "llama-v3" or "falcon3" or "falcon-h1" or "pixtral" or "midm-2.0" or "lfm2" or "jina-v5-nano" =>
            new PreTokenizer(name, ignoresMerges: true, addsBos: true, Rule(Llama3)),
        "tekken" => new PreTokenizer(name, ignoresMerges: true, addsBos: true, Rule(Tekken)),
        "chameleon" => new PreTokenizer(name, ignoresMerges: false, addsBos: true, ChameleonRules()),
        "minicpm5" => new PreTokenizer(name, ignoresMerges: true, addsBos: false, Rule(@"\p{N}{1,3}"), Rule(MiniCpm5)),
        "youtu" => new PreTokenizer(name, ignoresMerges: true, addsBos: false, Rule(YoutuScripts), Rule(Youtu)),
        _ => RulesOf(name) is { } rules ? new PreTokenizer(name, ignoresMerges: false, addsBos: false, rules) : null,
    };

    private static SplitRule[]? RulesOf(string name) => name switch
    {
        "gpt-2" or "phi-2" or "mpt" or "olmo" or "jais" or "trillion" or "granite-docling" or "exaone4" or "gigachat" or "a.x-4.0"
            or "mellum" or "modern-bert" or "jina-es" or "jina-de" or "jina-v2-es" or "jina-v2-de" => Rules(Gpt2),
        "smollm" or "starcoder" or "refact" or "command-r" or "codeshell" or "exaone" or "minerva-7b" or "mellum2" => Rules(@"\p{N}", Gpt2),
        "dbrx" or "smaug-bpe" or "glm4" or "chatglm-bpe" => Rules(Llama3),
        "qwen2" or "deepseek-r1-qwen" or "stablelm2" or "megrez" or "hunyuan" or "kormo" or "f2llmv2" or "solar-open"
            or "grok-2" => Rules(Qwen2),
        "qwen35" => Rules(Qwen35),
        "gpt-4o" or "llama4" or "kanana2" or "talkie" or "minimax-m2" => Rules(Gpt4o),
        "bloom" or "poro-chat" or "gpt3-finnish" => Rules(Bloom),
        "viking" => Rules(Bloom, @"\p{N}"),
        "bailingmoe" or "bailingmoe2" or "llada-moe" => Rules(BailingMoe),
        "seed-coder" => Rules(SeedCoder),
        "jais-2" => Rules(Jais2),
        "ufakzeka" => Rules(NoContractions),
        "laguna" => Rules(@"[^\n]+|\n+", Qwen2),
        "falcon" => Rules(@"[\p{P}$+<=>^~|`]+", Gpt2, "[0-9][0-9][0-9]"),
        "default" => Rules(@"[\p{P}$+<=>^~|]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]"),
        "tiny_aya" or "cohere2moe" => new SplitRule[] { new DigitGroupsRule(), Rule(Gpt4o) },
        _ => DeepSeekRules(name),
    };

    private static SplitRule[]? DeepSeekRules(string name) => name switch
    {
        "deepseek-llm" => new[]
        {
            Rule(@"[\r\n]"), Rule(DeepSeekLetters), Rule(DeepSeekPunctuation), new TrailingWhiteSpaceRule(), Rule(DeepSeekAsia),
            Rule(@"\p{N}+"),
        },
        "deepseek-coder" => Rules(@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", DeepSeekAsia, @"\p{N}"),
        "deepseek-v3" or "hunyuan-dense" or "joyai-llm" or "hy_v4" => Rules(@"\p{N}{1,3}", HanAndKana, DeepSeek3),
        _ => null,
    };

    private static SplitRule[] ChameleonRules() =>
        Rules("<sentinel:[0-9]+>", "IMGIMG[A-I]{1,4}Z", @"[\t\n]|    |  ", @"\p{N}", @"[\p{P}!-/:-@\[-`{-~]", Gpt2);

    private static SplitRule[] Rules(params string[] patterns) => Array.ConvertAll(patterns, Rule);

    private static SplitRule Rule(string pattern) => new PatternRule(pattern);
}
