using System;
using System.Collections.Generic;
using EngineLlm.Dialogue;
using EngineLlm.Tokenization.Templates;

namespace EngineLlm.Tokenization;

/// <summary>
/// What a template writes to make the model answer. Where a message of the model stands behind the same words, its text was made after
/// those very tokens, so it is encoded apart from them: then the tokens that asked for the answer are a prefix of the conversation that
/// goes on.
/// </summary>
internal sealed class AnswerOpening
{
    private readonly string? _afterQuestion;
    private readonly string _added;

    private AnswerOpening(string? afterQuestion, string added)
    {
        _afterQuestion = afterQuestion;
        _added = added;
    }

    /// <summary>For templates that cannot be asked; every answer then stands apart.</summary>
    internal static AnswerOpening Unknown { get; } = new(null, "");

    /// <summary>All that a template writes between a question and the answer; "" where it cannot be asked.</summary>
    internal string LastWordsBeforeAnswer => _afterQuestion ?? "";

    /// <summary>Asks a template by rendering one question with and without the opening.</summary>
    internal static AnswerOpening Find(Func<IReadOnlyList<ChatMessage>, bool, RenderedPrompt> render)
    {
        ChatMessage[] question = { ChatMessage.User("x") };
        try
        {
            string with = LastWords(render(question, true).Text);
            string without = LastWords(render(question, false).Text);
            int common = 0;
            while (common < with.Length && common < without.Length && with[common] == without[common]) common++;
            return new AnswerOpening(with, with.Substring(common));
        }
        catch (EngineLlmException)
        {
            // A template may refuse such a conversation; what it writes for others will show.
            return Unknown;
        }
    }

    /// <summary>Whether an answer behind these words of the template stands apart from them.</summary>
    internal bool EndsWith(string words)
    {
        if (_afterQuestion is null) return true;
        return _added.Length > 0 ? words.EndsWith(_added, StringComparison.Ordinal) : words == _afterQuestion;
    }

    /// <summary>What a template wrote after the last message's text.</summary>
    private static string LastWords(OriginText text)
    {
        if (text.Runs.Count == 0 || text.Runs[^1].Origin != OriginText.Template) return "";
        int start = text.Runs.Count > 1 ? text.Runs[^2].End : 0;
        return text.Chars.Substring(start);
    }
}
