namespace EngineLlm.Tokenization.PreTokenizers;

/// <summary>
/// The regular expressions of the families' pre-tokenizers, as their makers published them (tokenizer.json); where those use a pass that
/// is no regular expression, what llama.cpp's llama-vocab.cpp has for it.
/// </summary>
internal static class PreTokenizerPatterns
{
    /// <summary>GPT-2's (encoder.py). Its last \s+ is left out: what lies between two matches is a word anyway.</summary>
    internal const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";

    /// <summary>Llama 3's.</summary>
    internal const string Llama3 = Contraction + "|" + Letters + @"|\p{N}{1,3}|" + Others + "|" + Lines + "|" + Spaces;

    /// <summary>Qwen 2's: Llama 3's with single digits.</summary>
    internal const string Qwen2 = Contraction + "|" + NoContractions;

    /// <summary>Qwen 2's without the English contractions.</summary>
    internal const string NoContractions = Letters + @"|\p{N}|" + Others + "|" + Lines + "|" + Spaces;

    /// <summary>Qwen 3.5's: a mark belongs to the letters.</summary>
    internal const string Qwen35 =
        Contraction + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + Lines + "|" + Spaces;

    /// <summary>MiniCPM 5's second pass, behind one that cuts digits.</summary>
    internal const string MiniCpm5 = Contraction + "|" + Letters + @"|\p{N}+|" + Others + "|" + Lines + "|" + Spaces;

    /// <summary>Ling's: each line feed ends a word.</summary>
    internal const string BailingMoe = Contraction + "|" + Letters + @"|\p{N}|" + Others + @"|\s*[\r\n]|" + Spaces;

    /// <summary>Seed-Coder's: line feeds never belong to what is before them.</summary>
    internal const string SeedCoder = Contraction + "|" + Letters + @"|\p{N}| ?[^\s\p{L}\p{N}\r\n]+|" + Lines + "|" + Spaces;

    /// <summary>Jais 2's: white space in powers of two.</summary>
    internal const string Jais2 = Contraction + "|" + Letters + @"|\p{N}{1,3}|" + Others + "|" + Lines
        + @"|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s";

    /// <summary>Tekken's: words begin anew with a capital.</summary>
    internal const string Tekken = LowerWord + "|" + UpperWord + @"|\p{N}|" + OthersAndSlashes + "|" + Lines + "|" + Spaces;

    /// <summary>GPT-4o's: as Tekken's, with contractions at the ends of words and digits in threes.</summary>
    internal const string Gpt4o =
        LowerWord + Suffix + "|" + UpperWord + Suffix + @"|\p{N}{1,3}|" + OthersAndSlashes + "|" + Lines + "|" + Spaces;

    /// <summary>Youtu's second pass: GPT-4o's with single digits.</summary>
    internal const string Youtu =
        LowerWord + Suffix + "|" + UpperWord + Suffix + @"|\p{N}|" + OthersAndSlashes + "|" + Lines + "|" + Spaces;

    /// <summary>Youtu's first pass: Hangul, CJK punctuation, Bopomofo, and Han with Kana, apart from each other.</summary>
    internal const string YoutuScripts = @"[\u{AC00}-\u{D7A3}\u{3131}-\u{318E}]+"
        + @"|[\u{FF01}\u{2026}\u{201C}\u{201D}\u{2018}\u{2019}\u{2014}\u{FF1A}\u{FF1B}\u{FF0C}\u{3001}-\u{303F}\u{FE30}-\u{FE4F}]+"
        + @"|[\u{3105}-\u{312F}]+|" + HanAndKana;

    /// <summary>Chinese characters and Japanese syllables.</summary>
    internal const string HanAndKana = @"[\u{4E00}-\u{9FA5}\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+";

    /// <summary>DeepSeek V3's last pass.</summary>
    internal const string DeepSeek3 = @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
        + @"| ?[\p{P}\p{S}]+[\r\n]*|" + Lines + "|" + Spaces;

    /// <summary>DeepSeek LLM's pass for letters that have two cases, as its makers list them.</summary>
    internal const string DeepSeekLetters = @"\s?["
        + @"A-Za-z\u{B5}\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{1BA}\u{1BC}-\u{1BF}\u{1C4}-\u{293}\u{295}-\u{2AF}\u{370}-\u{373}"
        + @"\u{376}\u{377}\u{37B}-\u{37D}\u{37F}\u{386}\u{388}-\u{38A}\u{38C}\u{38E}-\u{3A1}\u{3A3}-\u{3F5}\u{3F7}-\u{481}"
        + @"\u{48A}-\u{52F}\u{531}-\u{556}\u{10A0}-\u{10C5}\u{13A0}-\u{13F5}\u{13F8}-\u{13FD}\u{1C90}-\u{1CBA}\u{1CBD}-\u{1CBF}"
        + @"\u{1D00}-\u{1D2B}\u{1D6B}-\u{1D77}\u{1D79}-\u{1D9A}\u{1E00}-\u{1F15}\u{1F18}-\u{1F1D}\u{1F20}-\u{1F45}"
        + @"\u{1F48}-\u{1F4D}\u{1F50}-\u{1F57}\u{1F59}\u{1F5B}\u{1F5D}\u{1F5F}-\u{1F7D}\u{1F80}-\u{1FB4}\u{1FB6}-\u{1FBC}"
        + @"\u{1FBE}\u{1FC2}-\u{1FC4}\u{1FC6}-\u{1FCC}\u{1FD0}-\u{1FD3}\u{1FD6}-\u{1FDB}\u{1FE0}-\u{1FEC}\u{1FF2}-\u{1FF4}"
        + @"\u{1FF6}-\u{1FFC}\u{2102}\u{2107}\u{210A}-\u{2113}\u{2115}\u{2119}-\u{211D}\u{2124}\u{2126}\u{2128}"
        + @"\u{212A}-\u{212D}\u{212F}-\u{2134}\u{2139}\u{213C}-\u{213F}\u{2145}-\u{2149}\u{214E}\u{2183}\u{2184}"
        + @"\u{2C00}-\u{2C7B}\u{2C7E}-\u{2CE4}\u{2CEB}-\u{2CEE}\u{2CF2}\u{2CF3}\u{A640}-\u{A66D}\u{A680}-\u{A69B}"
        + @"\u{A722}-\u{A76F}\u{A771}-\u{A787}\u{A78B}-\u{A78E}\u{AB70}-\u{ABBF}\u{FB00}-\u{FB06}\u{FB13}-\u{FB17}"
        + @"\u{FF21}-\u{FF3A}\u{FF41}-\u{FF5A}\u{10400}-\u{1044F}\u{104B0}-\u{104D3}\u{104D8}-\u{104FB}\u{10C80}-\u{10CB2}"
        + @"\u{10CC0}-\u{10CF2}\u{118A0}-\u{118DF}\u{1E900}-\u{1E943}"
        + "]+";

    /// <summary>DeepSeek LLM's pass for punctuation, that of East Asia too.</summary>
    internal const string DeepSeekPunctuation =
        @"\s?[!-/:-~\u{FF01}-\u{FF0F}\u{FF1A}-\u{FF5E}\u{2018}-\u{201F}\u{3000}-\u{3002}]+";

    /// <summary>DeepSeek LLM's and Coder's pass for scripts of Asia.</summary>
    internal const string DeepSeekAsia = @"[\u{4E00}-\u{9FA5}\u{800}-\u{4E00}\u{AC00}-\u{D7FF}]+";

    /// <summary>BLOOM's: words with the space before them, without the marks that end a clause.</summary>
    internal const string Bloom = @" ?[^(\s|.,!?\u{2026}\u{3002}\u{FF0C}\u{3001}\u{964}\u{6D4}\u{60C})]+";

    private const string Contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Letters = @"[^\r\n\p{L}\p{N}]?\p{L}+";
    private const string Others = @" ?[^\s\p{L}\p{N}]+[\r\n]*";
    private const string OthersAndSlashes = @" ?[^\s\p{L}\p{N}]+[\r\n/]*";
    private const string Lines = @"\s*[\r\n]+";
    private const string Spaces = @"\s+(?!\S)|\s+";
    private const string Suffix = Contraction + "?";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string LowerWord = @"[^\r\n\p{L}\p{N}]?" + Upper + "*" + Lower + "+";
    private const string UpperWord = @"[^\r\n\p{L}\p{N}]?" + Upper + "+" + Lower + "*";
}
