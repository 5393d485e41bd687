using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Dialogue;
using EngineLlm.KvCache;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using EngineLlm.Tokenization;

namespace EngineLlm.Tests.Dialogue;

/// <summary>
/// An engine whose model is a function from prompt to answer. A token is a UTF-16 unit, so token counts are text lengths and half a
/// character is half a surrogate pair. The scheduler is the real one; each update is a step.
/// </summary>
internal sealed class ScriptedHost : IEngineHost
{
    internal const int EndToken = 0;

    private readonly Scheduler _scheduler;
    private readonly StepPlan _plan;
    private readonly Func<string, string> _script;
    private readonly Dictionary<Sequence, string> _answers = [];
    private readonly int[] _sampled;

    internal ScriptedHost(Func<string, string> script, int contextLength = 1000, int maxRunning = 8)
    {
        _script = script;
        var pool = new PagePool(maxRunning * contextLength / 16 + 1, 16);
        _scheduler = new Scheduler(pool, new PrefixTree(pool), new SchedulerLimits(maxRunning, contextLength));
        _plan = new StepPlan(4096, maxRunning, pool.PageCount);
        _sampled = new int[maxRunning];
    }

    public object Gate { get; } = new();

    public int TokenLimit => _scheduler.TokenLimit;

    public HashSet<int> StopTokens { get; } = [EndToken];

    public string ModelName => "scripted";

    /// <summary>How words are chosen where nobody says how.</summary>
    public SamplingParameters DefaultSampling { get; init; } = new();

    public bool IsIdle => !_scheduler.HasWork;

    /// <summary>The newest prompt.</summary>
    internal string LastPrompt { get; private set; } = "";

    /// <summary>The newest sequence.</summary>
    internal Sequence? LastSequence { get; private set; }

    /// <summary>What an update throws, for tests of engines that fail.</summary>
    internal Exception? UpdateError { get; set; }

    internal int UpdateCount { get; private set; }

    /// <summary>How the model marks its thoughts; null where it does not think.</summary>
    internal ThinkingSection? Section { get; set; }

    /// <summary>What the newest prompt was to have the model do.</summary>
    internal bool? LastThinks { get; private set; }

    public ThinkingSection? Thinking(bool? thinks) => Section;

    public int[] EncodePrompt(IReadOnlyList<ChatMessage> messages, bool? thinks)
    {
        LastThinks = thinks;
        string prompt = string.Concat(messages.Select(message => $"<{message.Role}>{message.Content}\n")) + "<assistant>";
        LastPrompt = prompt;
        return [.. prompt.Select(character => (int)character)];
    }

    public ITextDecoder CreateDecoder() => new Decoder();

    public void Add(Sequence sequence)
    {
        lock (Gate)
        {
            LastSequence = sequence;
            _answers[sequence] = _script(new string([.. sequence.Tokens.ToArray().Select(token => (char)token)]));
            _scheduler.Add(sequence);
        }
    }

    public void Cancel(Sequence sequence)
    {
        lock (Gate) _scheduler.Cancel(sequence);
    }

    public void Update(int budgetMicroseconds)
    {
        lock (Gate)
        {
            UpdateCount++;
            if (UpdateError != null) throw UpdateError;
            if (!_scheduler.TryPlan(_plan, 4096)) return;
            for (int i = 0; i < _plan.LogitCount; i++)
            {
                Sequence sequence = _plan.Sequences[_plan.LogitRows[i]];
                string answer = _answers[sequence];
                _sampled[i] = sequence.GeneratedCount < answer.Length ? answer[sequence.GeneratedCount] : EndToken;
            }
            _scheduler.Complete(_plan, _sampled);
        }
    }

    public bool WaitForProgress(TimeSpan timeout) => true;

    internal void Close()
    {
        lock (Gate) _scheduler.CancelAll(FinishReason.Failed);
    }

    internal void RunToEnd()
    {
        while (!IsIdle) Update(1000);
    }

    private sealed class Decoder : ITextDecoder
    {
        private readonly char[] _held = new char[2];
        private int _count;

        public ReadOnlySpan<char> Append(int token)
        {
            _held[_count++] = (char)token;
            if (_count == 1 && char.IsHighSurrogate(_held[0])) return default;
            int complete = _count;
            _count = 0;
            return _held.AsSpan(0, complete);
        }

        public ReadOnlySpan<char> Finish()
        {
            if (_count == 0) return default;
            _count = 0;
            _held[0] = '\uFFFD';
            return _held.AsSpan(0, 1);
        }
    }
}
