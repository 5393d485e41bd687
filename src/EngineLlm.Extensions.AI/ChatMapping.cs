using System;
using System.Collections.Generic;
using EngineLlm.Dialogue;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using Microsoft.Extensions.AI;
using EngineMessage = EngineLlm.Dialogue.ChatMessage;

namespace EngineLlm.Extensions.AI;

/// <summary>Says in the engine's words what Microsoft.Extensions.AI says in its own, and back.</summary>
internal static class ChatMapping
{
    /// <summary>
    /// Messages as the chat template takes them. Instructions come first, as part of the system's message where there is one.
    /// </summary>
    /// <exception cref="NotSupportedException">A message holds something else than text, or comes from a tool.</exception>
    internal static List<EngineMessage> ToMessages(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options)
    {
        var result = new List<EngineMessage>();
        foreach (Microsoft.Extensions.AI.ChatMessage message in messages)
        {
            RequireText(message);
            result.Add(new EngineMessage(ToRole(message.Role), message.Text));
        }
        if (!string.IsNullOrEmpty(options?.Instructions)) AddInstructions(result, options!.Instructions!);
        if (result.Count == 0) throw new ArgumentException("There is no message to answer.", nameof(messages));
        return result;
    }

    /// <summary>How the answer is made. What the options leave open is as in the defaults.</summary>
    /// <param name="options">What was asked for, or null.</param>
    /// <param name="defaults">How the model's words are chosen where nobody says how.</param>
    /// <exception cref="NotSupportedException">The options ask for tools, or for a response format other than text.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal static AnswerOptions ToAnswerOptions(ChatOptions? options, SamplingParameters defaults)
    {
        if (options == null) return new AnswerOptions { Sampling = defaults };
        if (options.Tools is { Count: > 0 } && options.ToolMode is not NoneChatToolMode)
            throw new NotSupportedException("EngineLlm calls no tools; leave ChatOptions.Tools empty.");
        if (options.ResponseFormat is not (null or ChatResponseFormatText))
            throw new NotSupportedException("EngineLlm answers in plain text; leave ChatOptions.ResponseFormat empty.");
        if (options.MaxOutputTokens < 1)
            throw new ArgumentOutOfRangeException(nameof(options), "ChatOptions.MaxOutputTokens must be at least 1.");
        return new AnswerOptions
        {
            Sampling = ToSampling(options, defaults),
            MaxTokens = options.MaxOutputTokens ?? int.MaxValue,
            Thinks = options.Reasoning?.Effort is { } effort ? effort != ReasoningEffort.None : null,
            StopTexts = options.StopSequences == null ? Array.Empty<string>() : new List<string>(options.StopSequences),
        };
    }

    /// <summary>Whether whoever asks wants to see what the model thinks.</summary>
    internal static bool ShowsReasoning(ChatOptions? options) => options?.Reasoning?.Output != ReasoningOutput.None;

    internal static ChatFinishReason ToFinishReason(FinishReason reason) =>
        reason is FinishReason.Length or FinishReason.ContextFull ? ChatFinishReason.Length : ChatFinishReason.Stop;

    internal static UsageDetails ToUsage(Answer answer) => new()
    {
        InputTokenCount = answer.PromptTokenCount,
        OutputTokenCount = answer.TokenCount,
        TotalTokenCount = answer.PromptTokenCount + answer.TokenCount,
        CachedInputTokenCount = answer.SharedTokenCount,
        ReasoningTokenCount = answer.ThoughtTokenCount,
    };

    private static SamplingParameters ToSampling(ChatOptions options, SamplingParameters defaults) => defaults with
    {
        Temperature = options.Temperature ?? defaults.Temperature,
        TopK = options.TopK ?? defaults.TopK,
        TopP = options.TopP ?? defaults.TopP,
        FrequencyPenalty = options.FrequencyPenalty ?? defaults.FrequencyPenalty,
        PresencePenalty = options.PresencePenalty ?? defaults.PresencePenalty,
        Seed = options.Seed is { } seed ? unchecked((ulong)seed) : defaults.Seed,
    };

    private static void AddInstructions(List<EngineMessage> messages, string instructions)
    {
        // Templates know one system message, and only as the first.
        if (messages.Count > 0 && messages[0].Role == EngineMessage.SystemRole)
            messages[0] = EngineMessage.System(instructions + "\n" + messages[0].Content);
        else messages.Insert(0, EngineMessage.System(instructions));
    }

    private static void RequireText(Microsoft.Extensions.AI.ChatMessage message)
    {
        foreach (AIContent content in message.Contents)
        {
            if (content is not (TextContent or TextReasoningContent or UsageContent))
                throw new NotSupportedException(
                    $"EngineLlm reads text only; a message of the {message.Role.Value} holds a {content.GetType().Name}.");
        }
    }

    private static string ToRole(ChatRole role)
    {
        if (role == ChatRole.System) return EngineMessage.SystemRole;
        if (role == ChatRole.User) return EngineMessage.UserRole;
        if (role == ChatRole.Assistant) return EngineMessage.AssistantRole;
        throw new NotSupportedException($"EngineLlm knows the roles system, user and assistant, and a message has the role {role.Value}.");
    }
}
