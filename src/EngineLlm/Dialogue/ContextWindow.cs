using System;

namespace EngineLlm.Dialogue;

/// <summary>
/// Fits a conversation into the context. When it is full the oldest exchanges go, and enough of them at once that half of what the persona
/// leaves is empty: a prompt whose middle has changed is computed anew, so that should be rare.
/// </summary>
internal sealed class ContextWindow
{
    private readonly IEngineHost _host;
    private readonly Conversation _conversation;
    private readonly bool _thinks;
    private readonly int _personaTokens;
    private readonly int _answerTokens;

    /// <exception cref="PromptTooLongException">The persona leaves no room for a conversation.</exception>
    internal ContextWindow(IEngineHost host, Conversation conversation, NpcOptions options)
    {
        _host = host;
        _conversation = conversation;
        // A longer answer may be allowed; it then ends where the context does.
        _thinks = options.Thinks;
        long wanted = options.MaxAnswerTokens + (_thinks ? (long)options.MaxThinkingTokens : 0);
        _answerTokens = (int)Math.Max(1, Math.Min(wanted, _host.TokenLimit / 4));
        _personaTokens = Encode(Array.Empty<Conversation.Exchange>(), 0, "").Length;
        if (!Fits(_personaTokens, _host.TokenLimit))
            throw new PromptTooLongException($"The persona of {options.Name} has {_personaTokens} tokens, and with an answer of "
                + $"{_answerTokens} the context of {_host.TokenLimit} is full; shorten the persona or ask for a larger context.");
    }

    /// <summary>Makes the prompt for what the player says now. Thread-safe; nothing is forgotten yet.</summary>
    /// <param name="remembered">The exchanges up to now.</param>
    /// <param name="playerText">What the player says.</param>
    /// <param name="forgotten">How many of the oldest exchanges the prompt leaves out.</param>
    /// <exception cref="PromptTooLongException">Persona and text are too long even by themselves.</exception>
    internal int[] MakePrompt(Conversation.Exchange[] remembered, string playerText, out int forgotten)
    {
        forgotten = 0;
        int[] prompt = Encode(remembered, 0, playerText);
        if (Fits(prompt.Length, _host.TokenLimit)) return prompt;
        return ForgetToHalf(remembered, playerText, MakeShortestPrompt(playerText), out forgotten);
    }

    /// <summary>The prompt without any of the conversation. Thread-safe.</summary>
    /// <exception cref="PromptTooLongException">Persona and text are too long even by themselves.</exception>
    internal int[] MakeShortestPrompt(string playerText)
    {
        int[] shortest = Encode(Array.Empty<Conversation.Exchange>(), 0, playerText);
        if (Fits(shortest.Length, _host.TokenLimit)) return shortest;
        throw new PromptTooLongException($"The player's text makes a prompt of {shortest.Length} tokens, and with an answer of "
            + $"{_answerTokens} the context of {_host.TokenLimit} is full; shorten the text.");
    }

    private int[] ForgetToHalf(Conversation.Exchange[] remembered, string playerText, int[] shortest, out int forgotten)
    {
        int target = _personaTokens + (_host.TokenLimit - _personaTokens) / 2;
        int[] prompt = shortest;
        int tooFew = 0, enough = remembered.Length;
        while (enough - tooFew > 1)
        {
            int middle = (tooFew + enough) / 2;
            int[] candidate = Encode(remembered, middle, playerText);
            if (Fits(candidate.Length, target)) (enough, prompt) = (middle, candidate);
            else tooFew = middle;
        }
        forgotten = enough;
        return prompt;
    }

    private bool Fits(int promptTokens, int limit) => promptTokens + _answerTokens <= limit;

    private int[] Encode(Conversation.Exchange[] remembered, int forgotten, string playerText) =>
        _host.EncodePrompt(_conversation.ToMessages(remembered, forgotten, playerText), _thinks);
}
