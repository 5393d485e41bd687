using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Cli.Scenes;
using EngineLlm.Dialogue;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;

namespace EngineLlm.Cli.Playing;

/// <summary>A scene's characters, all of them on one engine. Owns the engine.</summary>
internal sealed class EngineStage : IStage
{
    private readonly LlmEngine _engine;
    private readonly List<Npc> _characters = [];
    private readonly NpcAnswer?[] _answers; // the newest of each character
    private readonly int _longEnough;
    private long _tokensOfEarlierAnswers;
    private bool _isPrepared;

    /// <param name="engine">The engine, which is disposed of with the stage.</param>
    /// <param name="scene">Who is there.</param>
    /// <param name="sampling">How words are chosen; every character gets a seed of its own.</param>
    /// <param name="maxAnswerTokens">The longest answer, in tokens.</param>
    /// <param name="longEnough">Characters after which an answer ends with its sentence. Small models talk on and on.</param>
    /// <exception cref="PromptTooLongException">A persona leaves no room in the context.</exception>
    internal EngineStage(LlmEngine engine, Scene scene, SamplingParameters sampling, int maxAnswerTokens, int longEnough)
    {
        _engine = engine;
        _longEnough = longEnough;
        foreach (Character character in scene.Characters)
        {
            _characters.Add(engine.CreateNpc(new NpcOptions
            {
                Name = character.Name,
                Persona = scene.Setting.Length == 0 ? character.Persona : $"{scene.Setting} {character.Persona}",
                Examples = character.Examples.Select(example => new ExampleExchange(example.Player, example.Character)).ToArray(),
                Greeting = character.Greeting.Length == 0 ? null : character.Greeting,
                Sampling = sampling with { Seed = unchecked(sampling.Seed * 31 + (ulong)_characters.Count) },
                MaxAnswerTokens = maxAnswerTokens,
            }));
        }
        _answers = new NpcAnswer?[_characters.Count];
        // They think of themselves while the player reads who is there.
        foreach (Npc character in _characters) character.Prepare();
    }

    public string ModelName => _engine.ModelName;

    public bool IsPrepared => _isPrepared |= _engine.IsIdle;

    public StageStatistics Statistics
    {
        get
        {
            EngineStatistics statistics = _engine.Statistics;
            return new StageStatistics(TokensOfAnswers, statistics.PagesUsed, statistics.PagesCached, statistics.PageCount);
        }
    }

    // The engine counts what nobody hears as well.
    private long TokensOfAnswers => _tokensOfEarlierAnswers + _answers.Sum(answer => answer?.TokenCount ?? 0);

    public void Update(int budgetMicroseconds) => _engine.Update(budgetMicroseconds);

    public bool WaitForProgress(TimeSpan timeout) => !_engine.IsIdle && _engine.WaitForProgress(timeout);

    public Speech Say(int character, string text)
    {
        var speech = new Speech();
        try
        {
            NpcAnswer answer = _characters[character].Say(text);
            _tokensOfEarlierAnswers += _answers[character]?.TokenCount ?? 0;
            _answers[character] = answer;
            answer.TextAdded += (said, added) =>
            {
                speech.Append(added);
                if (!speech.EndsSentenceAfter(_longEnough)) return;
                speech.Finish(SpeechEnd.Complete);
                said.Stop();
            };
            answer.Finished += ended => speech.Finish(EndOf(ended.FinishReason));
        }
        catch (PromptTooLongException error)
        {
            speech.Finish(SpeechEnd.Failed, error.Message);
        }
        return speech;
    }

    public void Stop(int character) => _characters[character].Stop();

    public void Dispose() => _engine.Dispose();

    private static SpeechEnd EndOf(FinishReason reason) => reason switch
    {
        FinishReason.EndOfTurn => SpeechEnd.Complete,
        FinishReason.Length or FinishReason.ContextFull => SpeechEnd.Length,
        FinishReason.Cancelled => SpeechEnd.Stopped,
        _ => SpeechEnd.Failed,
    };
}
