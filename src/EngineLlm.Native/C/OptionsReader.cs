using System;
using EngineLlm.Dialogue;
using EngineLlm.Sampling;
using static EngineLlm.Native.C.Marshalling;

namespace EngineLlm.Native.C;

/// <summary>What C asks for, as the runtime's options. Zero means the default everywhere.</summary>
internal static unsafe class OptionsReader
{
    private const uint ValidationFlag = 1, FloatPagesFlag = 2, NoCacheFlag = 4, KnownFlags = 7;
    private const uint MaxArrayLength = 1024;

    internal static EngineOptions ToEngineOptions(in EngineOptionsStruct from)
    {
        if ((from.Flags & ~KnownFlags) != 0)
            throw new RefusedException(Status.InvalidArgument, $"flags {from.Flags} has bits that this library does not know.");
        var defaults = new EngineOptions();
        string? cacheFolder = ReadOptionalText(from.CacheFolder, "cache_folder") ?? defaults.CacheFolder;
        var options = new EngineOptions
        {
            Device = ReadOptionalText(from.Device, "device"),
            CacheFolder = (from.Flags & NoCacheFlag) != 0 ? null : cacheFolder,
            ContextLength = from.ContextTokens == 0 ? null : ToInt(from.ContextTokens, "context_tokens"),
            PageMemoryBytes = from.PageMemoryBytes == 0 ? null : from.PageMemoryBytes,
            PageSize = OrDefault(from.PageTokens, defaults.PageSize, "page_tokens"),
            MaxSequences = OrDefault(from.MaxSequences, defaults.MaxSequences, "max_sequences"),
            MaxTokensPerStep = OrDefault(from.MaxStepTokens, defaults.MaxTokensPerStep, "max_step_tokens"),
            FloatPages = (from.Flags & FloatPagesFlag) != 0,
            Validation = (from.Flags & ValidationFlag) != 0,
        };
        options.Validate();
        return options;
    }

    /// <param name="from">What C asks for.</param>
    /// <param name="sampling">How the engine's model chooses words where nobody says how.</param>
    internal static NpcOptions ToNpcOptions(in NpcOptionsStruct from, SamplingParameters sampling)
    {
        var defaults = new NpcOptions();
        return new NpcOptions
        {
            Name = ReadText(from.Name, "name"),
            Persona = ReadOptionalText(from.Persona, "persona") ?? "",
            Greeting = ReadOptionalText(from.Greeting, "greeting"),
            Examples = ReadExamples(from.Examples, from.ExampleCount),
            StopTexts = from.StopTextCount == 0 ? defaults.StopTexts : ReadTexts(from.StopTexts, from.StopTextCount),
            MaxAnswerTokens = OrDefault(from.MaxAnswerTokens, defaults.MaxAnswerTokens, "max_answer_tokens"),
            Priority = from.Priority,
            Sampling = ToSampling(from, sampling),
        };
    }

    private static SamplingParameters ToSampling(in NpcOptionsStruct from, SamplingParameters defaults) => new()
    {
        Temperature = from.Temperature == 0 ? defaults.Temperature : from.Temperature < 0 ? 0 : from.Temperature,
        TopK = from.TopK == 0 ? defaults.TopK : Math.Max(0, from.TopK),
        TopP = from.TopP == 0 ? defaults.TopP : from.TopP,
        MinP = from.MinP,
        RepetitionPenalty = from.RepetitionPenalty == 0 ? defaults.RepetitionPenalty : from.RepetitionPenalty,
        Seed = from.Seed,
    };

    private static ExampleExchange[] ReadExamples(ExampleStruct* examples, uint count)
    {
        CheckArray(examples, count, "examples");
        var read = new ExampleExchange[count];
        for (uint i = 0; i < count; i++)
        {
            string player = ReadText(examples[i].Player, $"examples[{i}].player");
            read[i] = new ExampleExchange(player, ReadText(examples[i].Character, $"examples[{i}].character"));
        }
        return read;
    }

    private static string[] ReadTexts(byte** texts, uint count)
    {
        CheckArray(texts, count, "stop_texts");
        var read = new string[count];
        for (uint i = 0; i < count; i++)
        {
            read[i] = ReadText(texts[i], $"stop_texts[{i}]");
            if (read[i].Length == 0) throw new RefusedException(Status.InvalidArgument, $"stop_texts[{i}] is empty.");
        }
        return read;
    }

    private static void CheckArray(void* array, uint count, string name)
    {
        if (count > MaxArrayLength)
            throw new RefusedException(Status.InvalidArgument, $"{name} has {count} entries, and at most {MaxArrayLength} are allowed.");
        if (count > 0) Require(array, name);
    }

    private static int OrDefault(uint value, int fallback, string name) => value == 0 ? fallback : ToInt(value, name);

    private static int ToInt(uint value, string name) =>
        value <= int.MaxValue ? (int)value : throw new RefusedException(Status.InvalidArgument, $"{name} is {value}, which is too large.");
}
