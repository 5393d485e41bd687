using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace EngineLlm.Cli.Evaluation;

/// <summary>One line of an evaluation file, as it stands there: a persona, and what is said in turn.</summary>
internal sealed record EvaluationLine(string? Persona, EvaluationTurn[]? Turns);

/// <summary>One turn. A character's turn has the strings of which a right answer holds one, and those that none may hold; neither where it cannot know.</summary>
internal sealed record EvaluationTurn(string? Role, string? Text, string? Intent, string[]? Fact, string[]? Wrong);

/// <summary>One question's answer, for whoever wants to read them.</summary>
internal sealed record GivenAnswer(string Question, string Answer, string Intent, bool IsRight, bool IsWrong);

/// <summary>What eval-npc prints.</summary>
internal sealed record EvaluationReport(string Version, string Device, string Model, string File, EvaluationFigures Figures, IReadOnlyDictionary<string, string>? RightByIntent, IReadOnlyList<GivenAnswer>? Answers);

/// <summary>Shares are of 1; those of nothing are 0.</summary>
internal sealed record EvaluationFigures(
    int Answers, int FactQuestions, double RightFacts, double WrongFacts, int Unanswerable, double Declined, double WholeSentences, double WithoutLoops, double FirstPerson, double WellFormed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EvaluationLine))]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
