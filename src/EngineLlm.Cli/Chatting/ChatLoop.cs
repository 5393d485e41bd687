using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Cli.Playing;
using EngineLlm.Dialogue;
using EngineLlm.Scheduling;

namespace EngineLlm.Cli.Chatting;

/// <summary>
/// A line, an answer, a line. There are no frames here, so it waits for the device instead of asking sixty times a second.
/// </summary>
internal sealed class ChatLoop
{
    private const int BudgetMicroseconds = 50_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(50);
    private readonly LlmEngine _engine;
    private readonly Npc _partner;
    private readonly Terminal _terminal;

    internal ChatLoop(LlmEngine engine, Npc partner, Terminal terminal)
    {
        _engine = engine;
        _partner = partner;
        _terminal = terminal;
    }

    /// <summary>Talks until the lines end or the user leaves.</summary>
    internal void Run(CancellationToken cancellation)
    {
        if (_terminal.IsInteractive) _terminal.Error.WriteLine("/reset forgets what was said, /quit leaves.");
        while (NextLine(cancellation) is { } line)
        {
            switch (line.Trim())
            {
                case "": break;
                case "/quit" or "/exit": return;
                case "/reset": _partner.Reset(); break;
                case ['/', ..] command: _terminal.Error.WriteLine($"{command} is not known here; there are /reset and /quit."); break;
                case var text: Answer(text, cancellation); break;
            }
        }
    }

    private string? NextLine(CancellationToken cancellation)
    {
        if (_terminal.IsInteractive) _terminal.Output.Write("> ");
        // Read on another thread, so that Ctrl-C is heard while nobody types.
        Task<string?> reading = Task.Run(_terminal.Input.ReadLine, cancellation);
        reading.Wait(cancellation);
        return reading.Result;
    }

    private void Answer(string text, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        NpcAnswer answer;
        try
        {
            answer = _partner.Say(text);
        }
        catch (PromptTooLongException error) when (_terminal.IsInteractive)
        {
            _terminal.Error.WriteLine(error.Message);
            return;
        }
        answer.TextAdded += (_, added) => _terminal.Output.Write(VisibleText.Of(added));
        while (!answer.IsFinished)
        {
            cancellation.ThrowIfCancellationRequested();
            _engine.Update(BudgetMicroseconds);
            _engine.WaitForProgress(s_patience);
        }
        _terminal.Output.WriteLine();
        if (answer.FinishReason == FinishReason.Failed) answer.Completion.GetAwaiter().GetResult();
        if (_terminal.IsInteractive) _terminal.Error.WriteLine(Summary(answer, Stopwatch.GetElapsedTime(start).TotalSeconds));
    }

    private static string Summary(NpcAnswer answer, double seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"[{answer.TokenCount} tokens{Thoughts(answer)} in {seconds:0.0} s, {answer.TokenCount / seconds:0.0} a second; "
        + $"prompt of {answer.PromptTokenCount}, {answer.SharedTokenCount} of them from pages kept]");

    private static string Thoughts(NpcAnswer answer) =>
        answer.ThoughtTokenCount == 0 ? "" : $", {answer.ThoughtTokenCount} of them thoughts,";
}
