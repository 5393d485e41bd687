using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Dialogue;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.Dialogue;

public sealed class NpcTests
{
    private static readonly NpcOptions s_maren = new() { Name = "Maren", Persona = "You are Maren, the ferrywoman." };

    [Test]
    public void TheAnswerIsHeardSeenAndAwaited()
    {
        var host = new ScriptedHost(_ => " Well met. ");
        var npc = new Npc(host, s_maren);
        NpcAnswer answer = npc.Say("  Hello!  ");
        var heard = new List<string>();
        int ends = 0;
        answer.TextAdded += (_, text) => heard.Add(text.ToString());
        answer.Finished += _ => ends++;
        Assert.That(host.LastPrompt, Is.EqualTo("<system>You are Maren, the ferrywoman.\n<user>Hello!\n<assistant>"));
        Assert.That(npc.CurrentAnswer, Is.SameAs(answer));
        host.RunToEnd();
        Assert.That(string.Concat(heard), Is.EqualTo("Well met."));
        Assert.That(heard, Has.Count.GreaterThan(5), "it streams");
        Assert.That(answer.Text, Is.EqualTo("Well met."));
        Assert.That(answer.Completion.Result, Is.EqualTo("Well met."));
        Assert.That(answer.FinishReason, Is.EqualTo(FinishReason.EndOfTurn));
        Assert.That(ends, Is.EqualTo(1));
        Assert.That(npc.CurrentAnswer, Is.Null);
    }

    [Test]
    public void WhereTheOptionsSayNothingTheModelDecidesHowWordsAreChosen()
    {
        var host = new ScriptedHost(_ => "Yes.") { DefaultSampling = SamplingParameters.Greedy };
        var npc = new Npc(host, s_maren);
        npc.Say("Hello!");
        Assert.That(host.LastSequence!.Sampling, Is.EqualTo(SamplingParameters.Greedy));
        Assert.That(npc.Options, Is.EqualTo(s_maren with { Sampling = SamplingParameters.Greedy }));
        var warm = new SamplingParameters { Temperature = 0.4f };
        new Npc(host, s_maren with { Sampling = warm }).Say("Hello!");
        Assert.That(host.LastSequence!.Sampling, Is.EqualTo(warm));
    }

    [Test]
    public void TheNextPromptCarriesTheConversation()
    {
        var host = new ScriptedHost(prompt => prompt.Contains("fare") ? "Two coppers." : "Well met.");
        var npc = new Npc(host, s_maren with { Greeting = "Who goes there?" });
        Say(host, npc, "A friend.");
        Say(host, npc, "What is the fare?");
        Assert.That(host.LastPrompt, Is.EqualTo(
            "<system>You are Maren, the ferrywoman.\n<user>Hello.\n<assistant>Who goes there?\n<user>A friend.\n"
            + "<assistant>Well met.\n<user>What is the fare?\n<assistant>"));
        Assert.That(npc.Conversation.Messages.Select(message => message.Content),
            Is.EqualTo(new[] { "Who goes there?", "A friend.", "Well met.", "What is the fare?", "Two coppers." }));
        npc.Reset();
        Assert.That(npc.Conversation.Messages.Single().Content, Is.EqualTo("Who goes there?"));
    }

    [Test]
    public void ExamplesStandBeforeTheConversationAndAreNoPartOfIt()
    {
        var host = new ScriptedHost(_ => "Well met.");
        var npc = new Npc(host, s_maren with { Examples = [new ExampleExchange("What is the fare?", "Two coppers.")], Greeting = "Who goes there?" });
        const string begin = "<system>You are Maren, the ferrywoman.\n<user>What is the fare?\n<assistant>Two coppers.\n<user>";
        Say(host, npc, "A friend.");
        Assert.That(host.LastPrompt, Is.EqualTo($"{begin}Hello.\n<assistant>Who goes there?\n<user>A friend.\n<assistant>"));
        Assert.That(npc.Conversation.Messages, Has.Count.EqualTo(3));
        for (int i = 0; npc.Forgotten == 0; i++)
        {
            Assert.That(i, Is.LessThan(1000), "the context never filled");
            Say(host, npc, $"Question {i} of many that I have.");
        }
        Assert.That(host.LastPrompt, Does.StartWith($"{begin}Question"), "examples are never forgotten");
    }

    [Test]
    public void ACharacterDoesNotSpeakForThePlayer()
    {
        var host = new ScriptedHost(_ => "Well met.\nPlayer: Well met, Maren.\nMaren: Indeed.");
        var npc = new Npc(host, s_maren);
        NpcAnswer answer = Say(host, npc, "Hello!");
        Assert.That(answer.Text, Is.EqualTo("Well met."));
        Assert.That(answer.FinishReason, Is.EqualTo(FinishReason.EndOfTurn));
        Assert.That(answer.TokenCount, Is.EqualTo("Well met.\nPlayer:".Length), "nothing is generated behind the stop text");
    }

    [Test]
    public void SeveralCharactersAnswerAtOnce()
    {
        var host = new ScriptedHost(prompt => prompt.Contains("Maren") ? "I row." : prompt.Contains("Oswin") ? "I bake." : "I guard.");
        string[] names = ["Maren", "Oswin", "Brannoc"];
        Npc[] npcs = [.. names.Select(name => new Npc(host, new NpcOptions { Name = name, Persona = name }))];
        NpcAnswer[] answers = [.. npcs.Select(npc => npc.Say("What do you do?"))];
        host.Update(1000);
        Assert.That(answers.Select(answer => answer.Text), Is.All.EqualTo("I"));
        host.RunToEnd();
        Assert.That(answers.Select(answer => answer.Text), Is.EqualTo(new[] { "I row.", "I bake.", "I guard." }));
    }

    [Test]
    public void StopKeepsWhatWasSaid()
    {
        var host = new ScriptedHost(_ => "A very long story about a river.");
        var npc = new Npc(host, s_maren);
        NpcAnswer answer = npc.Say("Tell me a story.");
        for (int i = 0; i < 11; i++) host.Update(1000);
        npc.Stop();
        Assert.That(answer.Completion.Result, Is.EqualTo("A very long"));
        Assert.That(answer.FinishReason, Is.EqualTo(FinishReason.Cancelled));
        Assert.That(npc.Conversation.Messages[^1].Content, Is.EqualTo("A very long"));
        Assert.That(host.IsIdle, Is.True);
    }

    [Test]
    public void CancellingTakesTheExchangeBack()
    {
        var host = new ScriptedHost(_ => "A very long story.");
        var npc = new Npc(host, s_maren);
        using var cancellation = new CancellationTokenSource();
        NpcAnswer answer = npc.Say("Tell me a story.", cancellation.Token);
        for (int i = 0; i < 6; i++) host.Update(1000);
        cancellation.Cancel();
        Assert.That(answer.Completion.IsCanceled, Is.True);
        Assert.That(npc.Conversation.Messages, Is.Empty);
        Assert.That(npc.CurrentAnswer, Is.Null);
        Assert.That(host.IsIdle, Is.True);
        Assert.That(() => npc.Say("Again.", cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void SayingSomethingElseCutsTheAnswerShort()
    {
        var host = new ScriptedHost(prompt => prompt.Contains("fare") ? "Two coppers." : "A very long story.");
        var npc = new Npc(host, s_maren);
        NpcAnswer story = npc.Say("Tell me a story.");
        for (int i = 0; i < 6; i++) host.Update(1000);
        NpcAnswer fare = npc.Say("Never mind. The fare?");
        Assert.That(story.IsFinished, Is.True);
        Assert.That(host.LastPrompt, Does.Contain("<assistant>A very\n<user>Never mind."));
        host.RunToEnd();
        Assert.That(fare.Text, Is.EqualTo("Two coppers."));
    }

    [Test]
    public void AnAnswerOfNothingLeavesNoExchange()
    {
        var host = new ScriptedHost(_ => " \n ");
        var npc = new Npc(host, s_maren);
        Assert.That(Say(host, npc, "Hello?").Text, Is.Empty);
        Assert.That(npc.Conversation.Messages, Is.Empty);
    }

    [Test]
    public void ALongAnswerEndsAtItsLength()
    {
        var host = new ScriptedHost(_ => new string('a', 500));
        var npc = new Npc(host, s_maren with { MaxAnswerTokens = 20 });
        NpcAnswer answer = Say(host, npc, "Hello!");
        Assert.That(answer.FinishReason, Is.EqualTo(FinishReason.Length));
        Assert.That(answer.Text, Has.Length.EqualTo(20));
    }

    [Test]
    public void AnAnswerThatFillsTheContextEndsThere()
    {
        var host = new ScriptedHost(_ => new string('a', 5000), contextLength: 200);
        var npc = new Npc(host, s_maren with { MaxAnswerTokens = 4000 });
        NpcAnswer answer = Say(host, npc, "Hello!");
        Assert.That(answer.FinishReason, Is.EqualTo(FinishReason.ContextFull));
        Assert.That(answer.PromptTokenCount + answer.TokenCount, Is.EqualTo(200));
    }

    [Test]
    public void AFullContextForgetsTheOldestExchangesDownToHalf()
    {
        var host = new ScriptedHost(_ => "Fifteen letters", contextLength: 600);
        var npc = new Npc(host, s_maren with { MaxAnswerTokens = 40, Greeting = "Hm?" });
        var lengths = new List<int>();
        for (int turn = 0; turn < 60; turn++)
        {
            NpcAnswer answer = Say(host, npc, $"This is turn {turn:00}.");
            Assert.That(answer.Text, Is.EqualTo("Fifteen letters"));
            Assert.That(answer.PromptTokenCount + 40, Is.LessThanOrEqualTo(600));
            Assert.That(host.LastPrompt, Does.StartWith("<system>You are Maren, the ferrywoman.\n"));
            lengths.Add(answer.PromptTokenCount);
        }
        IReadOnlyList<ChatMessage> messages = npc.Conversation.Messages;
        Assert.That(messages[0].Role, Is.EqualTo(ChatMessage.UserRole), "exchanges are forgotten whole");
        Assert.That(messages[^2].Content, Is.EqualTo("This is turn 59."));
        Assert.That(npc.Forgotten * 2 + messages.Count, Is.EqualTo(2 * 61), "the greeting is an exchange too");
        int cuts = lengths.Zip(lengths.Skip(1)).Count(pair => pair.Second < pair.First);
        Assert.That(cuts, Is.InRange(2, 14), "the cache is not thrown away at every turn");
    }

    [Test]
    public void WhatCanNeverFitIsRefusedAndChangesNothing()
    {
        var host = new ScriptedHost(_ => "Yes.", contextLength: 200);
        Assert.That(() => new Npc(host, s_maren with { Persona = new string('p', 190) }),
            Throws.TypeOf<PromptTooLongException>().With.Message.Contains("persona of Maren"));
        var npc = new Npc(host, s_maren with { MaxAnswerTokens = 30 });
        Say(host, npc, "Hello!");
        Assert.That(() => npc.Say(new string('x', 180)), Throws.TypeOf<PromptTooLongException>());
        Assert.That(npc.Conversation.Messages, Has.Count.EqualTo(2));
        Assert.That(npc.Forgotten, Is.Zero);
        Assert.That(Say(host, npc, "Still there?").Text, Is.EqualTo("Yes."));
    }

    [Test]
    public void WhatCanNeverFitInterruptsNobody()
    {
        var host = new ScriptedHost(_ => "A long story.", contextLength: 200);
        var npc = new Npc(host, s_maren with { MaxAnswerTokens = 30 });
        NpcAnswer answer = npc.Say("Tell me a story.");
        host.Update(1000);
        Assert.That(() => npc.Say(new string('x', 180)), Throws.TypeOf<PromptTooLongException>());
        Assert.That(npc.CurrentAnswer, Is.SameAs(answer));
        host.RunToEnd();
        Assert.That((answer.Text, answer.FinishReason), Is.EqualTo(("A long story.", FinishReason.EndOfTurn)));
        Assert.That(npc.Conversation.Messages, Has.Count.EqualTo(2));
    }

    [Test]
    public void AnEngineThatClosesFailsTheAnswer()
    {
        var host = new ScriptedHost(_ => "A very long story.");
        var npc = new Npc(host, s_maren);
        NpcAnswer answer = npc.Say("Tell me a story.");
        host.Update(1000);
        host.Close();
        Assert.That(answer.FinishReason, Is.EqualTo(FinishReason.Failed));
        Assert.That(answer.Completion.Exception!.InnerException, Is.TypeOf<EngineLlmException>());
        Assert.That(npc.Conversation.Messages, Is.Empty);
    }

    [Test]
    public void HalfACharacterIsNeverShown()
    {
        var host = new ScriptedHost(_ => "A \U0001F41F!");
        NpcAnswer answer = new Npc(host, s_maren).Say("What did you catch?");
        answer.TextAdded += (_, text) => Assert.That(text.ToString().All(c => !char.IsSurrogate(c)) || text.Length >= 2, Is.True);
        host.RunToEnd();
        Assert.That(answer.Text, Is.EqualTo("A \U0001F41F!"));
    }

    [Test]
    public void AHandlerThatComesLateHearsEverything()
    {
        var host = new ScriptedHost(_ => "Well met.");
        NpcAnswer answer = Say(host, new Npc(host, s_maren), "Hello!");
        string heard = "";
        bool ended = false;
        answer.TextAdded += (_, text) => heard += text.ToString();
        answer.Finished += _ => ended = true;
        Assert.That(heard, Is.EqualTo("Well met."));
        Assert.That(ended, Is.True);
    }

    [Test]
    public void AHandlerMaySayTheNextThing()
    {
        var host = new ScriptedHost(prompt => prompt.Contains("second") ? "Two." : "One.");
        var npc = new Npc(host, s_maren);
        NpcAnswer? second = null;
        npc.Say("The first.").Finished += _ => second = npc.Say("The second.");
        host.RunToEnd();
        Assert.That(second!.Text, Is.EqualTo("Two."));
        Assert.That(npc.Conversation.Messages, Has.Count.EqualTo(4));
    }

    [Test]
    public void AHandlerThatThrowsHarmsNobodyElse()
    {
        var host = new ScriptedHost(_ => "Well met.");
        NpcAnswer angry = new Npc(host, s_maren).Say("Hello!"), calm = new Npc(host, s_maren).Say("Hello there!");
        angry.TextAdded += (_, _) => throw new NotSupportedException("a bug of the game");
        int thrown = 0;
        while (!host.IsIdle)
        {
            try
            {
                host.Update(1000);
            }
            catch (NotSupportedException)
            {
                thrown++;
            }
        }
        Assert.That(thrown, Is.Positive);
        Assert.That(angry.Completion.Result, Is.EqualTo("Well met."));
        Assert.That(calm.Completion.Result, Is.EqualTo("Well met."));
    }

    [TestCase(0)]
    [TestCase(-3)]
    public void OptionsAreChecked(int maxAnswerTokens)
    {
        var host = new ScriptedHost(_ => "");
        NpcOptions wrong = s_maren with { MaxAnswerTokens = maxAnswerTokens };
        Assert.That(() => new Npc(host, wrong), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Npc(host, s_maren with { Name = " " }), Throws.ArgumentException);
        Assert.That(() => new Npc(host, s_maren).Say(" \n"), Throws.ArgumentException);
    }

    [Test]
    public void ATokenOnItsWayToAHandlerAllocatesNothing()
    {
        var host = new ScriptedHost(_ => new string('a', 700), contextLength: 2000);
        var npc = new Npc(host, s_maren with { MaxAnswerTokens = 700 });
        int heard = 0;
        npc.Say("Hello!").TextAdded += (_, text) => heard += text.Length;
        for (int i = 0; i < 100; i++) host.Update(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 500; i++) host.Update(1000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(heard, Is.EqualTo(600));
    }

    private static NpcAnswer Say(ScriptedHost host, Npc npc, string text)
    {
        NpcAnswer answer = npc.Say(text);
        host.RunToEnd();
        return answer;
    }
}
