using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Dialogue;
using Microsoft.Extensions.AI;

namespace EngineLlm.Extensions.AI;

/// <summary>
/// <see cref="IChatClient"/> over an engine. Many requests may run at once: they share the engine's steps with each other and with the
/// game's characters, and what their prompts have in common is computed once.
/// </summary>
/// <remarks>
/// Temperature, TopK, TopP, FrequencyPenalty, PresencePenalty, Seed, MaxOutputTokens, StopSequences, Instructions and Reasoning of
/// <see cref="ChatOptions"/> are heeded; tools and response formats are refused with <see cref="NotSupportedException"/>. Without
/// MaxOutputTokens an answer may fill the context. What a model thinks comes as <see cref="TextReasoningContent"/>, apart from the text,
/// and counts among MaxOutputTokens; an effort of None has such a model answer at once.
/// </remarks>
public sealed class EngineLlmChatClient : IChatClient
{
    private readonly IEngineHost _host;
    private readonly LlmEngine? _engine;
    private readonly EnginePump? _pump;
    private readonly ChatClientMetadata _metadata;
    private readonly CancellationTokenSource _disposal = new();

    /// <summary>Makes a client of an engine.</summary>
    /// <param name="engine">A loaded engine; it stays the caller's to dispose of.</param>
    /// <param name="drive">
    /// True updates the engine from a thread of its own while answers are awaited, for programs without frames. False leaves that to
    /// whoever calls <see cref="LlmEngine.Update"/> once a frame.
    /// </param>
    public EngineLlmChatClient(LlmEngine engine, bool drive)
        : this((engine ?? throw new ArgumentNullException(nameof(engine))).Host, drive) => _engine = engine;

    internal EngineLlmChatClient(IEngineHost host, bool drive)
    {
        _host = host;
        _pump = drive ? new EnginePump(_host) : null;
        _metadata = new ChatClientMetadata("enginellm", defaultModelId: _host.ModelName);
    }

    /// <inheritdoc/>
    /// <exception cref="PromptTooLongException">The messages do not fit into the context.</exception>
    /// <exception cref="NotSupportedException">Tools, a response format or something else than text is asked for.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposal.Token);
        Answer answer = Ask(messages, options, either.Token);
        string text = await answer.Completion.ConfigureAwait(false);
        var contents = new List<AIContent> { new TextContent(text) };
        if (answer.Thoughts.Length > 0 && ChatMapping.ShowsReasoning(options))
            contents.Insert(0, new TextReasoningContent(answer.Thoughts));
        return new ChatResponse(new Microsoft.Extensions.AI.ChatMessage(ChatRole.Assistant, contents))
        {
            ResponseId = Guid.NewGuid().ToString("N"),
            ModelId = _host.ModelName,
            CreatedAt = DateTimeOffset.UtcNow,
            FinishReason = ChatMapping.ToFinishReason(answer.FinishReason),
            Usage = ChatMapping.ToUsage(answer),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="PromptTooLongException">The messages do not fit into the context.</exception>
    /// <exception cref="NotSupportedException">Tools, a response format or something else than text is asked for.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages,
        ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposal.Token);
        Answer answer = Ask(messages, options, either.Token);
        string responseId = Guid.NewGuid().ToString("N");
        try
        {
            var reader = new AnswerEnumerator(answer, CancellationToken.None, ChatMapping.ShowsReasoning(options));
            while (await reader.MoveNextAsync().ConfigureAwait(false))
            {
                AIContent piece = reader.IsThought ? new TextReasoningContent(reader.Current) : new TextContent(reader.Current);
                yield return MakeUpdate(piece, responseId);
            }
        }
        finally
        {
            // Whoever leaves the loop early wants no more of it.
            answer.Cancel();
        }
        ChatResponseUpdate last = MakeUpdate(new UsageContent(ChatMapping.ToUsage(answer)), responseId);
        last.FinishReason = ChatMapping.ToFinishReason(answer.FinishReason);
        yield return last;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        if (serviceType == null) throw new ArgumentNullException(nameof(serviceType));
        if (serviceKey != null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return _metadata;
        return serviceType.IsInstanceOfType(this) ? this : serviceType == typeof(LlmEngine) ? _engine : null;
    }

    /// <summary>Cancels the requests that are still running. The engine lives on: whoever loaded it disposes of it.</summary>
    public void Dispose() => _disposal.Cancel();

    private Answer Ask(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options, CancellationToken cancellation)
    {
        if (messages == null) throw new ArgumentNullException(nameof(messages));
        if (_disposal.IsCancellationRequested) throw new ObjectDisposedException(nameof(EngineLlmChatClient));
        cancellation.ThrowIfCancellationRequested();
        AnswerOptions answerOptions = ChatMapping.ToAnswerOptions(options, _host.DefaultSampling);
        int[] prompt = _host.EncodePrompt(ChatMapping.ToMessages(messages, options), answerOptions.Thinks);
        var answer = new Answer(_host, prompt, answerOptions);
        answer.Start();
        answer.CancelWith(cancellation);
        _pump?.Drive(answer);
        return answer;
    }

    private ChatResponseUpdate MakeUpdate(AIContent content, string responseId) => new(ChatRole.Assistant, new List<AIContent> { content })
    {
        ResponseId = responseId,
        MessageId = responseId,
        ModelId = _host.ModelName,
        CreatedAt = DateTimeOffset.UtcNow,
    };
}
