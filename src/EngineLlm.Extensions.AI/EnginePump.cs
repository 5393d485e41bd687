using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Dialogue;

namespace EngineLlm.Extensions.AI;

/// <summary>Updates an engine from a thread of its own while any answer is awaited, for programs that have no frames.</summary>
internal sealed class EnginePump
{
    // Long enough to keep the device busy, and far below the two seconds after which a driver resets it.
    private const int BudgetMicroseconds = 20_000;
    private static readonly TimeSpan longestWait = TimeSpan.FromMilliseconds(50);

    private readonly IEngineHost host;
    private readonly object gate = new();
    private readonly List<Answer> answers = new();
    private bool isPumping;

    internal EnginePump(IEngineHost host) => this.host = host;

    /// <summary>Keeps the engine going until this answer is over.</summary>
    internal void Drive(Answer answer)
    {
        lock (gate)
        {
            answers.Add(answer);
            if (isPumping) return;
            isPumping = true;
        }
        Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Pump()
    {
        while (HasAnswers())
        {
            try
            {
                host.Update(BudgetMicroseconds);
                host.WaitForProgress(longestWait);
            }
            catch (Exception error)
            {
                // There is nobody to throw to but those who wait for the answers.
                FailAnswers(error);
            }
        }
    }

    private bool HasAnswers()
    {
        lock (gate)
        {
            answers.RemoveAll(static answer => answer.IsFinished);
            return isPumping = answers.Count > 0;
        }
    }

    private void FailAnswers(Exception error)
    {
        Answer[] failed;
        lock (gate)
        {
            failed = answers.ToArray();
            answers.Clear();
        }
        foreach (Answer answer in failed) answer.Fail(error);
    }
}
