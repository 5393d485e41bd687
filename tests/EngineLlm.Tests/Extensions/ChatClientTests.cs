using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Extensions.AI;
using EngineLlm.Sampling;
using EngineLlm.Tests.Dialogue;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace EngineLlm.Tests.Extensions;

public sealed class ChatClientTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task AWholeResponseCarriesTextUsageAndReason()
    {
        var host = new ScriptedHost(_ => "Two coppers.");
        using var client = new EngineLlmChatClient(host, drive: true);
        Task<ChatResponse> request = client.GetResponseAsync([new(ChatRole.System, "You row."), new(ChatRole.User, "The fare?")]);
        ChatResponse response = await request.WaitAsync(s_patience);
        Assert.That(response.Text, Is.EqualTo("Two coppers."));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(response.ModelId, Is.EqualTo("scripted"));
        Assert.That(host.LastPrompt, Is.EqualTo("<system>You row.\n<user>The fare?\n<assistant>"));
        Assert.That(response.Usage!.InputTokenCount, Is.EqualTo(host.LastPrompt.Length));
        Assert.That(response.Usage.OutputTokenCount, Is.EqualTo(12));
        Assert.That(response.Usage.TotalTokenCount, Is.EqualTo(host.LastPrompt.Length + 12));
        Assert.That(response.Messages.Single().Role, Is.EqualTo(ChatRole.Assistant));
    }

    [Test]
    public async Task AStreamedResponseIsTheSame()
    {
        using var client = new EngineLlmChatClient(new ScriptedHost(_ => "Two coppers."), drive: true);
        var updates = new List<ChatResponseUpdate>();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("The fare?")) updates.Add(update);
        ChatResponse response = updates.ToChatResponse();
        Assert.That(response.Text, Is.EqualTo("Two coppers."));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(response.Usage!.OutputTokenCount, Is.EqualTo(12));
        Assert.That(updates.Select(update => update.ResponseId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task SomebodyElseMayUpdateTheEngine()
    {
        var host = new ScriptedHost(_ => "Two coppers.");
        using var client = new EngineLlmChatClient(host, drive: false);
        Task<ChatResponse> response = client.GetResponseAsync("The fare?");
        Assert.That(host.UpdateCount, Is.Zero);
        host.RunToEnd();
        Assert.That((await response.WaitAsync(s_patience)).Text, Is.EqualTo("Two coppers."));
    }

    [Test]
    public async Task OptionsReachTheSequence()
    {
        var host = new ScriptedHost(_ => "One. STOP Two.");
        using var client = new EngineLlmChatClient(host, drive: true);
        ChatResponse response = await client.GetResponseAsync([new(ChatRole.System, "Row."), new(ChatRole.User, "Count.")], new ChatOptions
        {
            Instructions = "Be short.",
            Temperature = 0.5f,
            TopK = 7,
            TopP = 0.8f,
            Seed = -3,
            FrequencyPenalty = 0.25f,
            PresencePenalty = 0.75f,
            MaxOutputTokens = 50,
            StopSequences = ["STOP"],
        }).WaitAsync(s_patience);
        SamplingParameters sampling = host.LastSequence!.Sampling;
        Assert.That(sampling, Is.EqualTo(new SamplingParameters
        {
            Temperature = 0.5f,
            TopK = 7,
            TopP = 0.8f,
            Seed = unchecked((ulong)-3L),
            FrequencyPenalty = 0.25f,
            PresencePenalty = 0.75f,
        }));
        Assert.That(host.LastSequence.MaxNewTokens, Is.EqualTo(50));
        Assert.That(response.Text, Is.EqualTo("One. "));
        Assert.That(host.LastPrompt, Is.EqualTo("<system>Be short.\nRow.\n<user>Count.\n<assistant>"));
    }

    [Test]
    public async Task WhatTheOptionsLeaveOpenTheModelDecides()
    {
        var host = new ScriptedHost(_ => "Yes.") { DefaultSampling = SamplingParameters.Greedy };
        using var client = new EngineLlmChatClient(host, drive: true);
        await client.GetResponseAsync("Hm?").WaitAsync(s_patience);
        Assert.That(host.LastSequence!.Sampling, Is.EqualTo(SamplingParameters.Greedy));
        await client.GetResponseAsync("Hm?", new ChatOptions { Seed = 4 }).WaitAsync(s_patience);
        Assert.That(host.LastSequence!.Sampling, Is.EqualTo(SamplingParameters.Greedy with { Seed = 4 }));
        await client.GetResponseAsync("Hm?", new ChatOptions { Temperature = 1 }).WaitAsync(s_patience);
        Assert.That(host.LastSequence!.Sampling, Is.EqualTo(new SamplingParameters { Temperature = 1 }));
    }

    [TestCase(5, 1000)]
    [TestCase(null, 60)]
    public async Task AnAnswerThatIsCutOffSaysSo(int? maxTokens, int contextLength)
    {
        using var client = new EngineLlmChatClient(new ScriptedHost(_ => new string('a', 500), contextLength), drive: true);
        ChatResponse response = await client.GetResponseAsync("Hm?", new ChatOptions { MaxOutputTokens = maxTokens }).WaitAsync(s_patience);
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Length));
    }

    [Test]
    public async Task ManyRequestsRunAtOnce()
    {
        using var client = new EngineLlmChatClient(new ScriptedHost(prompt => prompt.ToUpperInvariant()), drive: true);
        var requests = Enumerable.Range(0, 20).Select(i => client.GetResponseAsync($"Line {i}."));
        ChatResponse[] responses = await Task.WhenAll(requests).WaitAsync(s_patience);
        for (int i = 0; i < responses.Length; i++) Assert.That(responses[i].Text, Does.Contain($"LINE {i}."));
    }

    [Test]
    public void CancellingEndsTheRequest()
    {
        var host = new ScriptedHost(_ => new string('a', 500));
        using var client = new EngineLlmChatClient(host, drive: false);
        using var cancellation = new CancellationTokenSource();
        Task<ChatResponse> response = client.GetResponseAsync("Hm?", null, cancellation.Token);
        host.Update(1000);
        cancellation.Cancel();
        Assert.That(async () => await response.WaitAsync(s_patience), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(host.IsIdle, Is.True);
    }

    [Test]
    public async Task LeavingTheStreamEndsTheRequest()
    {
        var host = new ScriptedHost(_ => new string('a', 900));
        using var client = new EngineLlmChatClient(host, drive: true);
        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("Hm?")) break;
        Assert.That(host.IsIdle, Is.True);
    }

    [Test]
    public void DisposingCancelsAndThenRefuses()
    {
        var host = new ScriptedHost(_ => new string('a', 500));
        var client = new EngineLlmChatClient(host, drive: false);
        Task<ChatResponse> response = client.GetResponseAsync("Hm?");
        client.Dispose();
        Assert.That(async () => await response.WaitAsync(s_patience), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await client.GetResponseAsync("Hm?"), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void AnEngineThatFailsIsHeardOf()
    {
        var host = new ScriptedHost(_ => "Yes.") { UpdateError = new DeviceLostException("The device was lost.") };
        using var client = new EngineLlmChatClient(host, drive: true);
        Assert.That(async () => await client.GetResponseAsync("Hm?").WaitAsync(s_patience), Throws.TypeOf<DeviceLostException>());
    }

    [Test]
    public void WhatCannotBeDoneIsRefused()
    {
        using var client = new EngineLlmChatClient(new ScriptedHost(_ => "Yes.", contextLength: 100), drive: true);
        AITool tool = AIFunctionFactory.Create(() => 1, "one");
        Assert.That(async () => await client.GetResponseAsync("Hm?", new ChatOptions { Tools = [tool] }),
            Throws.TypeOf<NotSupportedException>());
        Assert.That(async () => await client.GetResponseAsync("Hm?", new ChatOptions { ResponseFormat = ChatResponseFormat.Json }),
            Throws.TypeOf<NotSupportedException>());
        Assert.That(async () => await client.GetResponseAsync([new(ChatRole.Tool, "1")]), Throws.TypeOf<NotSupportedException>());
        Assert.That(async () => await client.GetResponseAsync([new(ChatRole.User, [new DataContent(new byte[1], "image/png")])]),
            Throws.TypeOf<NotSupportedException>());
        Assert.That(async () => await client.GetResponseAsync(new string('x', 200)), Throws.TypeOf<PromptTooLongException>());
        Assert.That(async () => await client.GetResponseAsync("Hm?", new ChatOptions { MaxOutputTokens = 0 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(async () => await client.GetResponseAsync([]), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void ServicesAreFound()
    {
        using var client = new EngineLlmChatClient(new ScriptedHost(_ => ""), drive: false);
        Assert.That(client.GetService<ChatClientMetadata>()!.DefaultModelId, Is.EqualTo("scripted"));
        Assert.That(client.GetService<IChatClient>(), Is.SameAs(client));
        Assert.That(client.GetService(typeof(IChatClient), "key"), Is.Null);
        Assert.That(client.GetService<Uri>(), Is.Null);
    }
}
