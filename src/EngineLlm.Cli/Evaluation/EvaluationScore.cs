using System.Collections.Generic;
using System.Linq;

namespace EngineLlm.Cli.Evaluation;

/// <summary>Counts answers as they come.</summary>
internal sealed class EvaluationScore
{
    /// <summary>The intent of questions that the persona does not answer.</summary>
    internal const string Unknown = "unknown";

    private readonly SortedDictionary<string, (int Right, int All)> _byIntent = [];
    private int _answers, _facts, _rightFacts, _wrongFacts, _unknown, _declined, _whole, _withoutLoops, _firstPerson, _wellFormed;

    /// <summary>Judges one answer, and counts it.</summary>
    internal GivenAnswer Add(string question, EvaluationTurn expected, string answer)
    {
        string intent = expected.Intent ?? "";
        bool isFact = expected.Fact is { Length: > 0 };
        bool isUnknown = !isFact && intent == Unknown;
        bool isRight = isFact ? AnswerChecks.HoldsAny(answer, expected.Fact) : isUnknown && AnswerChecks.Declines(answer);
        bool isWrong = isFact && AnswerChecks.HoldsAny(answer, expected.Wrong);
        if (isFact || isUnknown) CountIntent(intent, isRight);
        _facts += One(isFact);
        _rightFacts += One(isFact && isRight);
        _wrongFacts += One(isWrong);
        _unknown += One(isUnknown);
        _declined += One(isUnknown && isRight);
        CountForm(answer);
        return new GivenAnswer(question, answer, intent, isRight, isWrong);
    }

    internal EvaluationFigures Figures => new(
        _answers, _facts, Share(_rightFacts, _facts), Share(_wrongFacts, _facts), _unknown, Share(_declined, _unknown),
        Share(_whole, _answers), Share(_withoutLoops, _answers), Share(_firstPerson, _answers), Share(_wellFormed, _answers));

    /// <summary>Right answers of all, as 3/4, by intent.</summary>
    internal IReadOnlyDictionary<string, string> ByIntent => _byIntent.ToDictionary(entry => entry.Key, entry => $"{entry.Value.Right}/{entry.Value.All}");

    private void CountForm(string answer)
    {
        bool isWhole = AnswerChecks.IsWhole(answer), loops = AnswerChecks.Loops(answer), isFirstPerson = AnswerChecks.IsFirstPerson(answer);
        _answers++;
        _whole += One(isWhole);
        _withoutLoops += One(!loops);
        _firstPerson += One(isFirstPerson);
        _wellFormed += One(isWhole && !loops && isFirstPerson);
    }

    private void CountIntent(string intent, bool isRight)
    {
        (int right, int all) = _byIntent.GetValueOrDefault(intent);
        _byIntent[intent] = (right + One(isRight), all + 1);
    }

    private static int One(bool value) => value ? 1 : 0;

    private static double Share(int part, int all) => all == 0 ? 0 : (double)part / all;
}
