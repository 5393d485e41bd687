using System.Collections.Generic;
using EngineLlm.Dialogue;

namespace EngineLlm.Tokenization.Templates;

/// <summary>What chat templates can see of a conversation, under the names that they expect.</summary>
internal static class ChatVariables
{
    /// <summary>[characters] that a message counts for beside its content.</summary>
    private const int MessageOverhead = 32;

    /// <summary>Origin of the content of the message at an index.</summary>
    internal static int OriginOf(int messageIndex) => messageIndex + 1;

    /// <summary>The index of the message that the origin stands for, -1 where it stands for none.</summary>
    internal static int MessageOf(int origin) => origin - 1;

    /// <summary>The variables of one prompt.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="addGenerationPrompt">Whether the prompt ends with what makes the model answer.</param>
    /// <param name="bosToken">The name of the vocabulary's first token, or "".</param>
    /// <param name="eosToken">The name of the vocabulary's last token, or "".</param>
    internal static Dictionary<string, Value> Create(
        IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, string bosToken, string eosToken)
    {
        var values = new Value[messages.Count];
        for (int i = 0; i < values.Length; i++)
        {
            var message = new ValueDictionary { IsMessage = true };
            message.Set("role", Value.TemplateText(messages[i].Role));
            message.Set("content", Value.Of(OriginText.From(messages[i].Content, OriginOf(i))));
            values[i] = Value.Of(message);
        }
        return new Dictionary<string, Value>
        {
            ["messages"] = Value.Of(values),
            ["add_generation_prompt"] = Value.Of(addGenerationPrompt),
            ["bos_token"] = Value.TemplateText(bosToken),
            ["eos_token"] = Value.TemplateText(eosToken),
            ["tools"] = Value.None,
            ["documents"] = Value.None,
        };
    }

    /// <summary>[characters] of a conversation, which bound what its rendering may take.</summary>
    internal static int LengthOf(IReadOnlyList<ChatMessage> messages)
    {
        long length = 0;
        foreach (ChatMessage message in messages) length += message.Content.Length + MessageOverhead;
        return (int)System.Math.Min(length, int.MaxValue);
    }
}
