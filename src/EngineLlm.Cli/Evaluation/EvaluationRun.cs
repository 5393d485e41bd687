using System;
using System.Collections.Generic;
using System.Threading;
using EngineLlm.Cli.Verification;
using EngineLlm.Dialogue;
using EngineLlm.Sampling;

namespace EngineLlm.Cli.Evaluation;

/// <summary>Asks the characters of an evaluation file their questions, several characters at a time, and gathers the score.</summary>
internal sealed class EvaluationRun
{
    private const int BudgetMicroseconds = 100_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(50);
    private readonly LlmEngine _engine;
    private readonly int _maxTokens;
    private readonly int _together;

    /// <param name="engine">The engine that answers.</param>
    /// <param name="maxTokens">The longest answer.</param>
    /// <param name="together">How many characters answer at the same time.</param>
    internal EvaluationRun(LlmEngine engine, int maxTokens, int together)
    {
        _engine = engine;
        _maxTokens = maxTokens;
        _together = together;
    }

    internal EvaluationScore Score { get; } = new();

    /// <summary>In the order of the file, however they came.</summary>
    internal List<GivenAnswer> Answers { get; } = [];

    /// <summary>Reads a file and asks what is in it.</summary>
    /// <exception cref="InputException">It is no such file.</exception>
    internal void Execute(string path, CancellationToken cancellation)
    {
        var all = new List<Interview>();
        foreach ((int line, EvaluationLine value) in JsonLines.Read(path, EvaluationJson.Default.EvaluationLine)) all.Add(Check($"{path}:{line}", value));
        var waiting = new Queue<Interview>(all);
        var running = new List<Interview>();
        while (waiting.Count + running.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            while (running.Count < _together && waiting.TryDequeue(out Interview? next)) running.Add(next);
            foreach (Interview interview in running) Advance(interview);
            running.RemoveAll(interview => interview.IsOver);
            _engine.Update(BudgetMicroseconds);
            _engine.WaitForProgress(s_patience);
        }
        foreach (Interview interview in all) Answers.AddRange(interview.Given);
    }

    private void Advance(Interview interview)
    {
        if (interview.Answer is { IsFinished: false }) return;
        if (interview.Answer is { } answer)
        {
            if (answer.FinishReason == Scheduling.FinishReason.Failed) answer.Completion.GetAwaiter().GetResult();
            interview.Given.Add(Score.Add(interview.Question, interview.Expected, answer.Text));
            interview.Turn += 2;
        }
        interview.Character ??= _engine.CreateNpc(new NpcOptions { Persona = interview.Persona, Sampling = SamplingParameters.Greedy, MaxAnswerTokens = _maxTokens });
        interview.Answer = interview.IsOver ? null : interview.Character.Say(interview.Question);
    }

    private static Interview Check(string place, EvaluationLine line)
    {
        if (line.Persona is null) throw new InputException($"{place}: 'persona' is missing.");
        if (line.Turns is not { Length: >= 2 } turns || turns.Length % 2 != 0) throw new InputException($"{place}: 'turns' should hold questions and answers in turn.");
        for (int i = 0; i < turns.Length; i++)
        {
            string role = i % 2 == 0 ? "user" : "assistant";
            if (turns[i]?.Role != role) throw new InputException($"{place}: turns[{i}] should be of the role '{role}'.");
            if (i % 2 == 0 && string.IsNullOrWhiteSpace(turns[i].Text)) throw new InputException($"{place}: turns[{i}] has no text.");
        }
        return new Interview(line.Persona, turns);
    }

    /// <summary>One character's questions, and where in them it is.</summary>
    private sealed class Interview(string persona, EvaluationTurn[] turns)
    {
        internal string Persona { get; } = persona;

        internal Npc? Character { get; set; }

        internal NpcAnswer? Answer { get; set; }

        internal List<GivenAnswer> Given { get; } = [];

        internal int Turn { get; set; }

        internal bool IsOver => Turn >= turns.Length;

        internal string Question => turns[Turn].Text!;

        internal EvaluationTurn Expected => turns[Turn + 1];
    }
}
