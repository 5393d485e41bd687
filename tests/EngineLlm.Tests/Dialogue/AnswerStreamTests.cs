using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Dialogue;
using NUnit.Framework;

namespace EngineLlm.Tests.Dialogue;

/// <summary>Reading an answer with <c>await foreach</c>.</summary>
public sealed class AnswerStreamTests
{
    private static readonly NpcOptions s_oswin = new() { Name = "Oswin", Persona = "You are Oswin, a baker." };

    [Test]
    public async Task PiecesComeAsTheyAreSpoken()
    {
        var host = new ScriptedHost(_ => "Fresh bread!");
        NpcAnswer answer = new Npc(host, s_oswin).Say("What have you got?");
        await using IAsyncEnumerator<string> reader = answer.GetAsyncEnumerator();
        string heard = "";
        for (int i = 0; i < 5; i++)
        {
            ValueTask<bool> next = reader.MoveNextAsync();
            Assert.That(next.IsCompleted, Is.False, "there is nothing to read before an update");
            host.Update(1000);
            Assert.That(await next, Is.True);
            heard += reader.Current;
        }
        Assert.That(heard, Is.EqualTo("Fresh"));
        host.RunToEnd();
        Assert.That(await reader.MoveNextAsync(), Is.True);
        Assert.That(reader.Current, Is.EqualTo(" bread!"), "a slow reader gets a longer piece");
        Assert.That(await reader.MoveNextAsync(), Is.False);
    }

    [Test]
    public async Task AReaderNeverRunsWithinTheUpdate()
    {
        var host = new ScriptedHost(_ => "Fresh bread, and cake, and more bread!");
        NpcAnswer answer = new Npc(host, s_oswin).Say("What have you got?");
        bool updating = false;
        int updateThread = 0;
        bool ranWithin = false;
        Task<string> reading = Task.Run(async () =>
        {
            string heard = "";
            await foreach (string piece in answer)
            {
                ranWithin |= Volatile.Read(ref updating) && Environment.CurrentManagedThreadId == Volatile.Read(ref updateThread);
                heard += piece;
            }
            return heard;
        });
        while (!host.IsIdle)
        {
            Volatile.Write(ref updateThread, Environment.CurrentManagedThreadId);
            Volatile.Write(ref updating, true);
            host.Update(1000);
            Volatile.Write(ref updating, false);
            await Task.Yield();
        }
        Assert.That(await reading, Is.EqualTo("Fresh bread, and cake, and more bread!"));
        Assert.That(ranWithin, Is.False);
    }

    [Test]
    public async Task SeveralReadersEachGetEverything()
    {
        var host = new ScriptedHost(_ => "Fresh bread!");
        NpcAnswer answer = new Npc(host, s_oswin).Say("What have you got?");
        Task<string> first = ReadAsync(answer), second = ReadAsync(answer);
        host.RunToEnd();
        Assert.That(await first, Is.EqualTo("Fresh bread!"));
        Assert.That(await second, Is.EqualTo("Fresh bread!"));
        Assert.That(await ReadAsync(answer), Is.EqualTo("Fresh bread!"), "and one that comes when it is over");
    }

    [Test]
    public async Task CancellingTheReadingLeavesTheAnswerBe()
    {
        var host = new ScriptedHost(_ => "Fresh bread!");
        NpcAnswer answer = new Npc(host, s_oswin).Say("What have you got?");
        using var cancellation = new CancellationTokenSource();
        Task<string> reading = ReadAsync(answer, cancellation.Token);
        host.Update(1000);
        cancellation.Cancel();
        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
        host.RunToEnd();
        Assert.That(await answer.Completion, Is.EqualTo("Fresh bread!"));
    }

    [Test]
    public void CancellingTheAnswerEndsTheReading()
    {
        var host = new ScriptedHost(_ => "Fresh bread!");
        NpcAnswer answer = new Npc(host, s_oswin).Say("What have you got?");
        Task<string> reading = ReadAsync(answer);
        host.Update(1000);
        answer.Cancel();
        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task StoppingTheAnswerEndsTheReadingInPeace()
    {
        var host = new ScriptedHost(_ => "Fresh bread!");
        NpcAnswer answer = new Npc(host, s_oswin).Say("What have you got?");
        Task<string> reading = ReadAsync(answer);
        for (int i = 0; i < 5; i++) host.Update(1000);
        answer.Stop();
        Assert.That(await reading, Is.EqualTo("Fresh"));
    }

    [Test]
    public void AFailingEngineIsHeardOf()
    {
        var host = new ScriptedHost(_ => "Fresh bread!");
        NpcAnswer answer = new Npc(host, s_oswin).Say("What have you got?");
        Task<string> reading = ReadAsync(answer);
        host.Close();
        Assert.That(async () => await reading, Throws.TypeOf<EngineLlmException>());
    }

    [Test]
    public async Task StoppingFromManyThreadsIsSafe()
    {
        var host = new ScriptedHost(_ => new string('a', 100));
        for (int round = 0; round < 200; round++)
        {
            using var cancellation = new CancellationTokenSource();
            NpcAnswer answer = new Npc(host, s_oswin).Say("What have you got?", cancellation.Token);
            Task<string> reading = ReadAsync(answer);
            Task updates = Task.Run(host.RunToEnd), stop = Task.Run(answer.Stop), cancel = Task.Run(cancellation.Cancel);
            await Task.WhenAll(updates, stop, cancel).WaitAsync(TimeSpan.FromSeconds(30));
            try
            {
                Assert.That(await reading.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(answer.Text));
            }
            catch (OperationCanceledException)
            {
                Assert.That(answer.Completion.IsCanceled, Is.True);
            }
            Assert.That(answer.IsFinished, Is.True);
        }
    }

    private static async Task<string> ReadAsync(NpcAnswer answer, CancellationToken cancellation = default)
    {
        string heard = "";
        await foreach (string piece in answer.WithCancellation(cancellation)) heard += piece;
        return heard;
    }
}
