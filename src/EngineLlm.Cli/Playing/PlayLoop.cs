using System;
using System.Collections.Generic;
using System.Threading;
using EngineLlm.Cli.Scenes;

namespace EngineLlm.Cli.Playing;

/// <summary>A small game: a loop of frames, each of which takes the player's lines, gives the engine its budget, and draws.</summary>
internal sealed class PlayLoop
{
    private const int FramesPerSecond = 60;
    private const int LeastWorthwhileMicroseconds = 1000;
    private readonly Scene _scene;
    private readonly IStage _stage;
    private readonly IPlayView _view;
    private readonly ILineSource _lines;
    private readonly bool _interruptible;
    private readonly int _budgetMicroseconds;
    private readonly Speech?[] _answers;
    private readonly List<(Character, Speech)> _speaking = [];
    private readonly FramePacer _pacer = new(FramesPerSecond);
    private readonly SpeechMeter _meter = new();
    private int _mostPagesUsed;
    private bool _leaving;

    /// <param name="scene">Who is there.</param>
    /// <param name="stage">Who speaks for them.</param>
    /// <param name="view">Where it is seen.</param>
    /// <param name="lines">What the player says.</param>
    /// <param name="interruptible">Whether a line cuts answers off; otherwise it waits until they are over.</param>
    /// <param name="budgetMicroseconds">GPU time a frame.</param>
    internal PlayLoop(Scene scene, IStage stage, IPlayView view, ILineSource lines, bool interruptible, int budgetMicroseconds)
    {
        _scene = scene;
        _stage = stage;
        _view = view;
        _lines = lines;
        _interruptible = interruptible;
        _budgetMicroseconds = budgetMicroseconds;
        _answers = new Speech?[scene.Characters.Count];
    }

    /// <summary>Plays until the player leaves or the lines end.</summary>
    internal void Run(CancellationToken cancellation)
    {
        _view.Open(_scene, _stage.ModelName);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            TakeLines();
            if (_leaving || (_lines.IsAtEnd && !IsAnyoneSpeaking)) break;
            _stage.Update(_budgetMicroseconds);
            Measure();
            ShowWhatEnded();
            _view.ShowFrame(Speaking(), Status);
            SpendTheBudget();
            _pacer.WaitForNextFrame();
        }
        StopAll();
    }

    /// <summary>
    /// A step that ends early in a frame leaves some of the budget: the next one begins with that. A game would call Update again between its
    /// own tasks; this one has none, and waits.
    /// </summary>
    private void SpendTheBudget()
    {
        while (IsAnyoneSpeaking)
        {
            int left = _budgetMicroseconds - _pacer.MicrosecondsOfFrame;
            if (left < LeastWorthwhileMicroseconds || !_stage.WaitForProgress(TimeSpan.FromMicroseconds(left))) return;
            left = _budgetMicroseconds - _pacer.MicrosecondsOfFrame;
            if (left < LeastWorthwhileMicroseconds) return;
            _stage.Update(left);
            Measure();
            ShowWhatEnded();
        }
    }

    private PlayStatus Status => new(_meter.SecondsToFirstToken, _meter.TokensPerSecond, _stage.Statistics, _pacer.Pacing, _budgetMicroseconds);

    private void Measure()
    {
        StageStatistics statistics = _stage.Statistics;
        _meter.Sample(IsAnyoneSpeaking, statistics.TokensDecoded);
        _mostPagesUsed = Math.Max(_mostPagesUsed, statistics.PagesUsed);
    }

    private bool IsAnyoneSpeaking => Array.Exists(_answers, answer => answer is not null);

    // A pipe has no eyes to read who is there, which is when characters prepare themselves; so it waits for them.
    private bool IsHearing => _interruptible || (!IsAnyoneSpeaking && _stage.IsPrepared);

    private void TakeLines()
    {
        while (!_leaving && IsHearing && _lines.TryTake(out string line)) Hear(line.Trim());
    }

    private void Hear(string line)
    {
        switch (line.ToLowerInvariant())
        {
            case "": StopAll(); break;
            case "quit" or "exit": _leaving = true; break;
            case "help" or "?": foreach (string text in SceneText.Help(_scene)) _view.ShowNote(text); break;
            default: Say(line); break;
        }
    }

    private void Say(string line)
    {
        Address address = Addressing.Parse(line, _scene.Characters);
        foreach (int listener in address.Listeners) Stop(listener);
        _view.ShowPlayer(line);
        _meter.Sample(true, _stage.Statistics.TokensDecoded);
        foreach (int listener in address.Listeners) _answers[listener] = _stage.Say(listener, address.Text);
    }

    private void StopAll()
    {
        for (int i = 0; i < _answers.Length; i++) Stop(i);
    }

    private void Stop(int character)
    {
        if (_answers[character] is not { } answer) return;
        _stage.Stop(character);
        answer.Finish(SpeechEnd.Stopped);
        _answers[character] = null;
        _view.ShowAnswer(_scene.Characters[character], answer);
    }

    private void ShowWhatEnded()
    {
        bool anyEnded = false;
        for (int i = 0; i < _answers.Length; i++)
        {
            if (_answers[i] is not { IsOver: true } answer) continue;
            anyEnded = true;
            _answers[i] = null;
            _view.ShowAnswer(_scene.Characters[i], answer);
        }
        if (!anyEnded || IsAnyoneSpeaking) return;
        _meter.Sample(false, _stage.Statistics.TokensDecoded);
        // By now the pages have been given back; what the exchange took says more.
        _view.ShowSilence(Status with { Stage = _stage.Statistics with { PagesUsed = _mostPagesUsed } });
        _mostPagesUsed = 0;
    }

    private List<(Character, Speech)> Speaking()
    {
        _speaking.Clear();
        for (int i = 0; i < _answers.Length; i++)
        {
            if (_answers[i] is { } answer) _speaking.Add((_scene.Characters[i], answer));
        }
        return _speaking;
    }
}
