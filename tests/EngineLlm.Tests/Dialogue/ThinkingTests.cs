using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using EngineLlm.Dialogue;
using EngineLlm.Extensions.AI;
using EngineLlm.Scheduling;
using EngineLlm.Tokenization;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace EngineLlm.Tests.Dialogue;

/// <summary>Answers of models that think first.</summary>
public sealed class ThinkingTests
{
    private const string Script = "<think>\nThe fare is two.\n</think>\n\nTwo coppers.";
    private static readonly NpcOptions s_oswin = new() { Name = "Oswin", Persona = "You row.", Thinks = true };

    [Test]
    public void ACharactersThoughtsAreNeitherHeardNorRemembered()
    {
        ScriptedHost host = Host(Script);
        var npc = new Npc(host, s_oswin);
        NpcAnswer answer = npc.Say("The fare?");
        string heard = "";
        answer.TextAdded += (_, text) => heard += text.ToString();
        while (answer.Thoughts.Length < 5) host.Update(1000);
        Assert.That((answer.IsThinking, answer.Text), Is.EqualTo((true, "")));
        host.RunToEnd();
        Assert.That((heard, answer.Text, answer.Thoughts), Is.EqualTo(("Two coppers.", "Two coppers.", "The fare is two.")));
        Assert.That((answer.IsThinking, answer.FinishReason, host.LastThinks), Is.EqualTo((false, FinishReason.EndOfTurn, (bool?)true)));
        Assert.That(npc.Conversation.Messages[^1].Content, Is.EqualTo("Two coppers."));
        npc.Say("And back?");
        Assert.That(host.LastPrompt, Does.Not.Contain("think").And.Contain("<assistant>Two coppers."));
    }

    [Test]
    public void UnlessToldOtherwiseACharacterAnswersAtOnce()
    {
        ScriptedHost host = Host("Two coppers.");
        NpcAnswer answer = new Npc(host, s_oswin with { Thinks = false }).Say("The fare?");
        host.RunToEnd();
        Assert.That((host.LastThinks, answer.Text, answer.ThoughtTokenCount), Is.EqualTo(((bool?)false, "Two coppers.", 0)));
    }

    [TestCase(5)]
    [TestCase(20)]
    public void ThoughtsThatTakeTooLongAreCutAndTheAnswerComes(int maxThinkingTokens)
    {
        // A token is a character here. Whoever is told that thinking is over speaks.
        var host = new ScriptedHost(prompt => prompt.EndsWith("\n</think>\n\n", StringComparison.Ordinal)
            ? "Two coppers." : "<think>" + new string('x', 900)) { Section = Section(isOpened: false) };
        NpcAnswer answer = new Npc(host, s_oswin with { MaxThinkingTokens = maxThinkingTokens, MaxAnswerTokens = 30 }).Say("The fare?");
        int prompt = answer.PromptTokenCount;
        host.RunToEnd();
        int thoughts = Math.Max(maxThinkingTokens, "<think>".Length);
        Assert.That((answer.Text, answer.FinishReason), Is.EqualTo(("Two coppers.", FinishReason.EndOfTurn)));
        Assert.That(answer.Thoughts, Is.EqualTo(new string('x', Math.Max(0, answer.Thoughts.Length))));
        Assert.That(answer.Thoughts.Length, Is.InRange(0, maxThinkingTokens));
        Assert.That(answer.PromptTokenCount, Is.EqualTo(prompt));
        Assert.That(answer.ThoughtTokenCount, Is.InRange(1, thoughts + 1));
        Assert.That(answer.TokenCount, Is.EqualTo("Two coppers.".Length + answer.ThoughtTokenCount).Within("<think>".Length));
    }

    [Test]
    public void ThoughtsLeaveTheAnswerItsTokens()
    {
        ScriptedHost host = Host("<think>" + new string('x', 100) + "</think>" + new string('y', 100));
        NpcAnswer answer = new Npc(host, s_oswin with { MaxThinkingTokens = 200, MaxAnswerTokens = 10 }).Say("The fare?");
        host.RunToEnd();
        Assert.That((answer.Thoughts.Length, answer.FinishReason), Is.EqualTo((100, FinishReason.Length)));
        Assert.That(answer.Text.Length, Is.InRange(3, 10));
    }

    [Test]
    public void StoppingAThinkingCharacterLeavesNothingBehind()
    {
        ScriptedHost host = Host(Script);
        var npc = new Npc(host, s_oswin);
        NpcAnswer answer = npc.Say("The fare?");
        for (int i = 0; i < 12; i++) host.Update(1000);
        answer.Stop();
        Assert.That((answer.IsFinished, answer.Text, npc.Conversation.Messages.Count), Is.EqualTo((true, "", 0)));
        Assert.That(answer.Thoughts, Is.EqualTo("The"));
    }

    [Test]
    public async Task ChatClientsGetThoughtsApart()
    {
        using var client = new EngineLlmChatClient(Host(Script), drive: true);
        ChatResponse response = await client.GetResponseAsync("The fare?");
        Assert.That(response.Text, Is.EqualTo("Two coppers."));
        Assert.That(response.Messages[0].Contents.OfType<TextReasoningContent>().Single().Text, Is.EqualTo("The fare is two."));
        Assert.That(response.Usage!.ReasoningTokenCount, Is.InRange(20, Script.Length - "Two coppers.".Length));
        var updates = new List<ChatResponseUpdate>();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("The fare?")) updates.Add(update);
        ChatResponse streamed = updates.ToChatResponse();
        Assert.That(streamed.Text, Is.EqualTo("Two coppers."));
        Assert.That(
            string.Concat(updates.SelectMany(update => update.Contents).OfType<TextReasoningContent>().Select(content => content.Text)),
            Is.EqualTo("The fare is two."));
    }

    [Test]
    public async Task ChatClientsCanTurnThoughtsOff()
    {
        ScriptedHost host = Host(Script);
        using var client = new EngineLlmChatClient(host, drive: true);
        await client.GetResponseAsync("The fare?");
        Assert.That(host.LastThinks, Is.Null);
        await client.GetResponseAsync("The fare?", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.None } });
        Assert.That(host.LastThinks, Is.False);
        await client.GetResponseAsync("The fare?", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low } });
        Assert.That(host.LastThinks, Is.True);
        var silent = new ChatOptions { Reasoning = new ReasoningOptions { Output = ReasoningOutput.None } };
        ChatResponse response = await client.GetResponseAsync("The fare?", silent);
        Assert.That(response.Messages[0].Contents.Single(), Is.TypeOf<TextContent>());
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("The fare?", silent))
            Assert.That(update.Contents, Has.None.TypeOf<TextReasoningContent>());
    }

    private static ThinkingSection Section(bool isOpened) =>
        new("<think>", "</think>", isOpened, [.. "\n</think>\n\n".Select(c => (int)c)]);

    private static ScriptedHost Host(string script) => new(_ => script) { Section = Section(isOpened: false) };
}
