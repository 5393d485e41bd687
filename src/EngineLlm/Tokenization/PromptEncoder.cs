using System;
using System.Collections.Generic;
using EngineLlm.Dialogue;
using EngineLlm.Tokenization.Templates;

namespace EngineLlm.Tokenization;

/// <summary>Turns a rendered prompt into tokens: special ones only out of the template's own words.</summary>
internal sealed class PromptEncoder
{
    private readonly TokenWriter _writer;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly AnswerOpening _opening;

    internal PromptEncoder(TokenWriter writer, IReadOnlyList<ChatMessage> messages, AnswerOpening opening)
    {
        _writer = writer;
        _messages = messages;
        _opening = opening;
    }

    /// <summary>Encodes a prompt.</summary>
    /// <param name="prompt">What the template wrote.</param>
    /// <param name="ending">More words of a template, behind it.</param>
    internal void Encode(RenderedPrompt prompt, string ending = "")
    {
        int start = 0;
        int end = 0;
        string words = "";
        foreach (OriginRun run in prompt.Text.Runs)
        {
            bool isTemplate = run.Origin == OriginText.Template;
            if (!isTemplate && IsAnswer(run.Origin) && _opening.EndsWith(words)) _writer.Flush();
            words = isTemplate ? prompt.Text.Chars.Substring(start, run.End - start) : "";
            for (; end < prompt.MessageEnds.Count && prompt.MessageEnds[end] <= run.End; end++)
            {
                Append(prompt.Text.Chars, ref start, prompt.MessageEnds[end], isTemplate);
                // What comes later must not change the tokens of what has been said.
                _writer.Flush();
            }
            Append(prompt.Text.Chars, ref start, run.End, isTemplate);
        }
        _writer.AppendAll(ending);
    }

    private bool IsAnswer(int origin)
    {
        int index = ChatVariables.MessageOf(origin);
        return index < _messages.Count && _messages[index].Role == ChatMessage.AssistantRole;
    }

    private void Append(string prompt, ref int start, int end, bool isTemplate)
    {
        if (end > start) _writer.Append(prompt.Substring(start, end - start), isTemplate ? SpecialTokens.All : SpecialTokens.None);
        start = end;
    }
}
