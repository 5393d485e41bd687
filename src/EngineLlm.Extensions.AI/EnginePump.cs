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
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(50);

    private readonly IEngineHost _host;
    private readonly object _gate = new();
    private readonly List<Answer> _answers = new();
    private bool _isPumping;

    internal EnginePump(IEngineHost host) => _host = host;

    /// <summary>Keeps the engine going until this answer is over.</summary>
    internal void Drive(Answer answer)
    {
        lock (_gate)
        {
            _answers.Add(answer);
            if (_isPumping) return;
            _isPumping = true;
        }
        Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Pump()
    {
        while (HasAnswers())
        {
            try
            {
                _host.Update(BudgetMicroseconds);
                _host.WaitForProgress(s_longestWait);
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
        lock (_gate)
        {
            _answers.RemoveAll(static answer => answer.IsFinished);
            return _isPumping = _answers.Count > 0;
        }
    }

    private void FailAnswers(Exception error)
    {
        Answer[] failed;
        lock (_gate)
        {
            failed = _answers.ToArray();
            _answers.Clear();
        }
        foreach (Answer answer in failed) answer.Fail(error);
    }
}
