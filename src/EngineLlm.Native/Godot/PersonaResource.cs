using System;
using EngineLlm.Dialogue;
using EngineLlm.Native.Godot.Interop;
using EngineLlm.Sampling;

namespace EngineLlm.Native.Godot;

/// <summary><c>LlmPersona</c>: who a character is and how it speaks. A resource: several characters may share one.</summary>
internal sealed class PersonaResource(nint owner) : GodotObject(owner)
{
    // What others than the embedded model need where the persona does not say.
    private const float SampledRepetitionPenalty = 1.1f;

    private string _name = "Mira";
    private string _setting = "", _greeting = "";
    private string _persona = "You are Mira, keeper of the tavern at the crossroads. You sell fish stew for two coppers and dark ale for one copper. "
        + "A bed for the night is five coppers.";
    private string[] _questions = [], _answers = [];
    private double _temperature = -1, _repetitionPenalty;
    private long _maxAnswerTokens = 160;

    /// <summary>The class as scripts see it.</summary>
    internal static ClassDefinition Define() =>
        new ClassDefinition<PersonaResource>("LlmPersona", "Resource", isRuntime: false, static owner => new(owner))
        .Property(new("character_name", VariantType.String), p => Value.Of(p._name), (p, in v) => p._name = v.AsText)
        .Property(Multiline("setting"), p => Value.Of(p._setting), (p, in v) => p._setting = v.AsText)
        .Property(Multiline("persona"), p => Value.Of(p._persona), (p, in v) => p._persona = v.AsText)
        .Property(Multiline("greeting"), p => Value.Of(p._greeting), (p, in v) => p._greeting = v.AsText)
        .Property(Texts("example_questions"), p => Value.Of(p._questions), (p, in v) => p._questions = v.AsTexts)
        .Property(Texts("example_answers"), p => Value.Of(p._answers), (p, in v) => p._answers = v.AsTexts)
        .Property(Range("temperature", "-1,2,0.05"), p => Value.Of(p._temperature), (p, in v) => p._temperature = v.AsFloat)
        .Property(Range("repetition_penalty", "0,2,0.05"),
            p => Value.Of(p._repetitionPenalty), (p, in v) => p._repetitionPenalty = v.AsFloat)
        .Property(new("max_answer_tokens", VariantType.Int, PropertyHints.Range, "1,1024,1,or_greater"),
            p => Value.Of(p._maxAnswerTokens), (p, in v) => p._maxAnswerTokens = v.AsInt);

    /// <summary>The persona as the runtime takes it.</summary>
    /// <param name="priority">Higher goes first.</param>
    /// <param name="seed">Seed of the choices between likely words.</param>
    /// <param name="defaults">How the engine's model chooses words where nobody says how.</param>
    internal NpcOptions ToOptions(int priority, ulong seed, SamplingParameters defaults) => new()
    {
        Name = _name,
        Persona = _setting.Length == 0 ? _persona : _setting + " " + _persona,
        Greeting = string.IsNullOrWhiteSpace(_greeting) ? null : _greeting,
        Examples = ReadExamples(),
        MaxAnswerTokens = (int)Math.Clamp(_maxAnswerTokens, 1, int.MaxValue),
        Priority = priority,
        Sampling = defaults with
        {
            Temperature = _temperature >= 0 ? (float)_temperature : defaults.Temperature,
            RepetitionPenalty = _repetitionPenalty > 0 ? (float)_repetitionPenalty : PenaltyFor(defaults),
            Seed = seed,
        },
    };

    private static float PenaltyFor(SamplingParameters defaults) =>
        defaults.Temperature > 0 ? SampledRepetitionPenalty : defaults.RepetitionPenalty;

    private ExampleExchange[] ReadExamples()
    {
        if (_questions.Length != _answers.Length)
        {
            throw new EngineLlmException($"The persona of {_name} has {_questions.Length} example questions and {_answers.Length} answers; "
                + "each question needs its answer.");
        }
        var examples = new ExampleExchange[_questions.Length];
        for (int i = 0; i < examples.Length; i++) examples[i] = new ExampleExchange(_questions[i], _answers[i]);
        return examples;
    }

    private static ValueDefinition Multiline(string name) => new(name, VariantType.String, PropertyHints.MultilineText);

    private static ValueDefinition Texts(string name) => new(name, VariantType.PackedStringArray);

    private static ValueDefinition Range(string name, string range) => new(name, VariantType.Float, PropertyHints.Range, range);
}
