using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using EngineLlm.Dialogue;
using EngineLlm.Extensions.AI;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>Characters and chat clients over a real model on the machine's device.</summary>
internal sealed class DialogueTests
{
    private static readonly string[] s_personas =
    [
        "You are Maren, the ferrywoman of Hollow Ford. You answer in one short sentence.",
        "You are Oswin, a baker. You answer in one short sentence.",
        "You are Brannoc, who guards the gate. You answer in one short sentence.",
    ];

    private LlmEngine _engine = null!;

    [OneTimeSetUp]
    public void LoadModel() => _engine = LlmEngine.Load(SharedFiles.SmolLm2, TestEngine.Options);

    [OneTimeTearDown]
    public void DisposeOfModel() => _engine?.Dispose();

    [Test]
    public void ThreeCharactersSayTogetherWhatEachSaysAlone()
    {
        string[] alone = [.. s_personas.Select(persona => Ask([persona])[0].Text)];
        NpcAnswer[] together = Ask(s_personas);
        Assert.That(together.Select(answer => answer.Text), Is.EqualTo(alone));
        Assert.That(alone, Is.All.Not.Empty);
        Assert.That(alone.Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void ASecondTurnTakesTheFirstFromThePages()
    {
        Npc npc = _engine.CreateNpc(MakeOptions(s_personas[0]));
        npc.Say("Good morning! What is this place, and what do you do here all day long?");
        TestEngine.RunToEnd(_engine);
        NpcAnswer second = npc.Say("How much is the crossing?");
        TestEngine.RunToEnd(_engine);
        Assert.That(second.SharedTokenCount, Is.GreaterThanOrEqualTo(32));
        Assert.That(npc.Conversation.Messages, Has.Count.EqualTo(4));
    }

    [Test]
    public void APreparedPersonaIsThereWhenThePlayerSpeaks()
    {
        string persona = string.Concat(Enumerable.Repeat("You are Tilda, who keeps the bridge and counts everybody who crosses it. ", 4));
        Npc npc = _engine.CreateNpc(MakeOptions(persona));
        npc.Prepare();
        TestEngine.RunToEnd(_engine);
        Assert.That(npc.Conversation.Messages, Is.Empty);
        NpcAnswer answer = npc.Say("How many today?");
        TestEngine.RunToEnd(_engine);
        Assert.That(answer.SharedTokenCount, Is.GreaterThanOrEqualTo(64).And.LessThan(answer.PromptTokenCount));
        Assert.That(answer.Text, Is.Not.Empty);
    }

    [Test]
    public async Task AnAnswerStreamsWhileFramesGoBy()
    {
        NpcAnswer answer = _engine.CreateNpc(MakeOptions(s_personas[1])).Say("What do you sell?");
        var pieces = new List<string>();
        Task reading = Task.Run(async () =>
        {
            await foreach (string piece in answer) pieces.Add(piece);
        });
        while (!answer.IsFinished)
        {
            _engine.Update(2000);
            _engine.WaitForProgress(TimeSpan.FromMilliseconds(16));
        }
        await reading.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(pieces, Has.Count.GreaterThan(1));
        Assert.That(string.Concat(pieces), Is.EqualTo(answer.Text));
    }

    [Test]
    public void AFullContextIsForgottenAndTheTalkGoesOn()
    {
        Npc npc = _engine.CreateNpc(MakeOptions(s_personas[2]) with { MaxAnswerTokens = 8 });
        for (int turn = 0; npc.Forgotten == 0; turn++)
        {
            Assert.That(turn, Is.LessThan(40));
            string plea = $"I came to this gate {turn} times, and I say again that I want to see the king about my cow. ";
            NpcAnswer answer = npc.Say(string.Concat(Enumerable.Repeat(plea, 4)));
            TestEngine.RunToEnd(_engine);
            Assert.That(answer.FinishReason, Is.AnyOf(FinishReason.EndOfTurn, FinishReason.Length));
            Assert.That(answer.PromptTokenCount + answer.TokenCount, Is.LessThanOrEqualTo(_engine.ContextLength));
        }
        Assert.That(npc.Conversation.Messages, Is.Not.Empty);
    }

    [Test]
    public async Task AChatClientThatDrivesSaysWhatTheCharacterSays()
    {
        using var client = new EngineLlmChatClient(_engine, drive: true);
        NpcAnswer spoken = Ask([s_personas[0]])[0];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 24 };
        List<Microsoft.Extensions.AI.ChatMessage> messages = [new(ChatRole.System, s_personas[0]), new(ChatRole.User, "Who are you?")];
        ChatResponse whole = await client.GetResponseAsync(messages, options).WaitAsync(TimeSpan.FromMinutes(1));
        ChatResponse streamed = await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync();
        Assert.That(whole.Text.Trim(), Is.EqualTo(spoken.Text));
        Assert.That(streamed.Text, Is.EqualTo(whole.Text));
        Assert.That(whole.Usage!.InputTokenCount, Is.EqualTo(spoken.PromptTokenCount));
        Assert.That(client.GetService<LlmEngine>(), Is.SameAs(_engine));
    }

    private NpcAnswer[] Ask(string[] personas)
    {
        NpcAnswer[] answers = [.. personas.Select(persona => _engine.CreateNpc(MakeOptions(persona)).Say("Who are you?"))];
        TestEngine.RunToEnd(_engine);
        TestEngine.AssertValid(_engine);
        return answers;
    }

    private static NpcOptions MakeOptions(string persona) =>
        new() { Persona = persona, Sampling = SamplingParameters.Greedy, MaxAnswerTokens = 24 };
}
