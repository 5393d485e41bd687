using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Dialogue;
using EngineLlm.KvCache;
using EngineLlm.Scheduling;

namespace EngineLlm.Tests.Dialogue;

/// <summary>
/// An engine whose model is a function from prompt to answer. A token is a UTF-16 unit, so token counts are text lengths and half a character is half a
/// surrogate pair. The scheduler is the real one; each update is a step.
/// </summary>
internal sealed class ScriptedHost : IEngineHost
{
    internal const int EndToken = 0;

    private readonly Scheduler scheduler;
    private readonly StepPlan plan;
    private readonly Func<string, string> script;
    private readonly Dictionary<Sequence, string> answers = [];
    private readonly int[] sampled;

    internal ScriptedHost(Func<string, string> script, int contextLength = 1000, int maxRunning = 8)
    {
        this.script = script;
        var pool = new PagePool(maxRunning * contextLength / 16 + 1, 16);
        scheduler = new Scheduler(pool, new PrefixTree(pool), new SchedulerLimits(maxRunning, contextLength));
        plan = new StepPlan(4096, maxRunning, pool.PageCount);
        sampled = new int[maxRunning];
    }

    public object Gate { get; } = new();

    public int TokenLimit => scheduler.TokenLimit;

    public HashSet<int> StopTokens { get; } = [EndToken];

    public string ModelName => "scripted";

    public bool IsIdle => !scheduler.HasWork;

    /// <summary>The newest prompt.</summary>
    internal string LastPrompt { get; private set; } = "";

    /// <summary>The newest sequence.</summary>
    internal Sequence? LastSequence { get; private set; }

    /// <summary>What an update throws, for tests of engines that fail.</summary>
    internal Exception? UpdateError { get; set; }

    internal int UpdateCount { get; private set; }

    public int[] EncodePrompt(IReadOnlyList<ChatMessage> messages)
    {
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
            answers[sequence] = script(new string([.. sequence.Tokens.ToArray().Select(token => (char)token)]));
            scheduler.Add(sequence);
        }
    }

    public void Cancel(Sequence sequence)
    {
        lock (Gate) scheduler.Cancel(sequence);
    }

    public void Update(int budgetMicroseconds)
    {
        lock (Gate)
        {
            UpdateCount++;
            if (UpdateError != null) throw UpdateError;
            if (!scheduler.TryPlan(plan, 4096)) return;
            for (int i = 0; i < plan.LogitCount; i++)
            {
                Sequence sequence = plan.Sequences[plan.LogitRows[i]];
                string answer = answers[sequence];
                sampled[i] = sequence.GeneratedCount < answer.Length ? answer[sequence.GeneratedCount] : EndToken;
            }
            scheduler.Complete(plan, sampled);
        }
    }

    public bool WaitForProgress(TimeSpan timeout) => true;

    internal void Close()
    {
        lock (Gate) scheduler.CancelAll(FinishReason.Failed);
    }

    internal void RunToEnd()
    {
        while (!IsIdle) Update(1000);
    }

    private sealed class Decoder : ITextDecoder
    {
        private readonly char[] held = new char[2];
        private int count;

        public ReadOnlySpan<char> Append(int token)
        {
            held[count++] = (char)token;
            if (count == 1 && char.IsHighSurrogate(held[0])) return default;
            int complete = count;
            count = 0;
            return held.AsSpan(0, complete);
        }

        public ReadOnlySpan<char> Finish()
        {
            if (count == 0) return default;
            count = 0;
            held[0] = '\uFFFD';
            return held.AsSpan(0, 1);
        }
    }
}
