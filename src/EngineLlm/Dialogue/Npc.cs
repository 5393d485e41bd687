using System;
using System.Threading;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;

namespace EngineLlm.Dialogue;

/// <summary>
/// A character that talks: a persona, and the conversation with the player. Many characters share one engine; made by
/// <c>LlmEngine.CreateNpc</c>.
/// </summary>
/// <remarks>
/// Thread-safe. A character holds nothing on the device while it is silent, so there is nothing to dispose of.
/// </remarks>
public sealed class Npc
{
    private readonly IEngineHost _host;
    private readonly AnswerOptions _answerOptions;
    private readonly ContextWindow _window;
    private int _turn;

    /// <exception cref="PromptTooLongException">The persona leaves no room for a conversation.</exception>
    internal Npc(IEngineHost host, NpcOptions options)
    {
        options.Validate();
        _host = host;
        SamplingParameters sampling = options.Sampling ?? host.DefaultSampling;
        Options = options with { Sampling = sampling };
        _answerOptions = new AnswerOptions
        {
            Sampling = sampling,
            MaxTokens = options.MaxAnswerTokens,
            Thinks = options.Thinks,
            MaxThinkingTokens = options.Thinks ? options.MaxThinkingTokens : 0,
            Priority = options.Priority,
            StopTexts = options.StopTexts,
            Trims = true,
        };
        Conversation = new Conversation(_host.Gate, options);
        _window = new ContextWindow(_host, Conversation, options);
    }

    /// <summary>The character's name.</summary>
    public string Name => Options.Name;

    /// <summary>What the character was made from, with the sampling that it has.</summary>
    public NpcOptions Options { get; }

    /// <summary>What was said, as far as the character remembers it. An exchange stands in it once its answer is over.</summary>
    public Conversation Conversation { get; }

    /// <summary>Number of exchanges that the character has forgotten, because the context was full.</summary>
    public int Forgotten => Conversation.Forgotten;

    /// <summary>The answer that is being given, or null.</summary>
    public NpcAnswer? CurrentAnswer { get; private set; }

    /// <summary>
    /// The player says something, and the character answers. Where it is still answering, the player cuts it short: that answer is stopped,
    /// and stays in the conversation as far as it came. (Look at <see cref="CurrentAnswer"/> to keep the player from interrupting.)
    /// </summary>
    /// <param name="playerText">What the player says. White space at either end is left out; markup and special tokens in it are plain
    /// text.</param>
    /// <param name="cancellation">Takes the answer back: the exchange counts as never having happened, and its completion is
    /// cancelled.</param>
    /// <returns>The answer, which grows as the engine is updated.</returns>
    /// <remarks>
    /// When the context is full the oldest exchanges are forgotten, enough of them to leave half of the context that the persona does not
    /// need; the persona itself never is. An answer that comes to nothing but white space leaves no exchange behind.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no text.</exception>
    /// <exception cref="PromptTooLongException">The text is too long even without any of the conversation; nothing has changed, and an answer
    /// under way goes on.</exception>
    /// <exception cref="InvalidOperationException">Another thread made the player say something at the same time.</exception>
    public NpcAnswer Say(string playerText, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(playerText)) throw new ArgumentException("The player has to say something.", nameof(playerText));
        cancellation.ThrowIfCancellationRequested();
        string said = playerText.Trim();
        // An answer under way is cut short only by what can be said.
        if (CurrentAnswer is not null) _window.MakeShortestPrompt(said);
        int thisTurn = BeginTurn(out Conversation.Exchange[] remembered);
        // Without the lock, since it takes a while for a long conversation.
        int[] prompt = _window.MakePrompt(remembered, said, out int forgotten);
        var answer = new NpcAnswer(_host, this, said, prompt, _answerOptions);
        lock (_host.Gate)
        {
            if (thisTurn != _turn)
                throw new InvalidOperationException($"{Name} was spoken to by two threads at once; let one thread speak for the player.");
            answer.Start();
            CurrentAnswer = answer;
            Conversation.Forget(forgotten);
        }
        answer.CancelWith(cancellation);
        return answer;
    }

    /// <summary>
    /// Has the persona computed before the player speaks, so that the first answer comes at once: call it while the player is walking up. It goes
    /// behind everything else that runs. What it computes is kept in pages that nobody owns, and is lost where these are needed elsewhere.
    /// </summary>
    public void Prepare()
    {
        int[] prompt = _window.MakePrompt(Conversation.Snapshot(), "", out _);
        _host.Add(new Sequence(prompt, SamplingParameters.Greedy, maxNewTokens: 1, priority: Sequence.BackgroundPriority));
    }

    /// <summary>Ends the current answer, if there is one. What was said stays in the conversation.</summary>
    public void Stop() => CurrentAnswer?.Stop();

    /// <summary>Forgets everything but the persona and the greeting, as though the player had never come.</summary>
    public void Reset()
    {
        lock (_host.Gate)
        {
            CurrentAnswer?.Cancel();
            _turn++;
            Conversation.Clear();
        }
    }

    internal void EndTurn(NpcAnswer answer)
    {
        if (CurrentAnswer == answer) CurrentAnswer = null;
        bool isSaid = !answer.IsDiscarded && answer.FinishReason != FinishReason.Failed && answer.Text.Length > 0;
        if (isSaid) Conversation.Add(answer.PlayerText, answer.Text);
    }

    private int BeginTurn(out Conversation.Exchange[] remembered)
    {
        lock (_host.Gate)
        {
            CurrentAnswer?.Stop();
            remembered = Conversation.Snapshot();
            return ++_turn;
        }
    }
}
