using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using EngineLlm.Cli.Playing;
using EngineLlm.Cli.Scenes;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class PlayLoopTests
{
    private static readonly Scene s_scene = new()
    {
        Name = "The Test",
        Place = "A bare room.",
        Characters = [NewCharacter("Ann"), NewCharacter("Bob"), NewCharacter("Cid")],
    };

    [Test]
    public void EveryLineOfAPipeIsAnsweredBeforeTheNext()
    {
        (string output, ScriptedStage stage) = Play("Ann, hello\nBob, goodbye\n");
        Assert.That(Spoken(output), Is.EqualTo(
            new[] { "> Ann, hello", "Ann: hello hello hello", "> Bob, goodbye", "Bob: goodbye goodbye goodbye" }));
        Assert.That(stage.MostSpeaking, Is.EqualTo(1));
    }

    [Test]
    public void APlainLineIsAnsweredByEveryoneAtTheSameTime()
    {
        (string output, ScriptedStage stage) = Play("Who are you?\n");
        string[] expected = Array.ConvertAll(new[] { "Ann", "Bob", "Cid" }, name => $"{name}: Who are you? Who are you? Who are you?");
        Assert.That(Spoken(output).Skip(1).Order(), Is.EqualTo(expected));
        Assert.That(stage.MostSpeaking, Is.EqualTo(3));
    }

    [Test]
    public void AfterAnExchangeTheStatusLineSaysWhatItTook()
    {
        (string output, _) = Play("Who are you?\n");
        string status = output.Split('\n').Single(line => line.StartsWith('['));
        Assert.That(
            status, Does.Match(@"^\[first word after 0\.\d\d s, \d+ tokens/s ").And.Contain("pages 3 of 64").And.Contain("frame budget 4 ms").And.Contain("5 pages kept"));
    }

    [Test]
    public void TheLastLineNeedsNoLineBreakAndTheEndWaitsForTheAnswer()
    {
        (string output, _) = Play("Ann, hello");
        Assert.That(Spoken(output).Last(), Is.EqualTo("Ann: hello hello hello"));
    }

    [Test]
    public void APipeWaitsUntilTheCharactersArePrepared()
    {
        (string output, ScriptedStage stage) = Play("Ann, hello\n", preparation: 5);
        Assert.That(stage.UpdatesBeforeTheFirstLine, Is.EqualTo(5));
        Assert.That(Spoken(output).Last(), Is.EqualTo("Ann: hello hello hello"));
    }

    [Test]
    public void QuitEndsThePlayAtOnce()
    {
        (string output, ScriptedStage stage) = Play("quit\nAnn, hello\n");
        Assert.That(Spoken(output), Is.Empty);
        Assert.That(stage.Said, Is.Zero);
    }

    [Test]
    public void NothingAPipeSaysBringsEscapesIntoTheOutput()
    {
        (string output, _) = Play("Ann, \u001b[31mred\u0007\n");
        Assert.That(output.Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
    }

    [Test]
    public void ALineCutsOffWhoeverItIsFor()
    {
        var lines = new ScriptedLines("Ann, first", "Bob, first", "Ann, second");
        string output = PlayInterruptibly(lines, out ScriptedStage stage);
        Assert.That(
            Spoken(output),
            Does.Contain("Ann: first first …").And.Contain("Ann: second second second").And.Contain("Bob: first first first"));
        Assert.That(stage.Stopped, Is.EqualTo(1));
    }

    [Test]
    public void AnEmptyLineCutsOffEveryone()
    {
        string output = PlayInterruptibly(new ScriptedLines("everyone, hello", ""), out ScriptedStage stage);
        Assert.That(Spoken(output).Skip(1), Is.EqualTo(new[] { "Ann: hello …", "Bob: hello …", "Cid: hello …" }));
        Assert.That(stage.Stopped, Is.EqualTo(3));
    }

    [Test]
    public void CancellationEndsTheLoop()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var loop = new PlayLoop(
            s_scene, new ScriptedStage(), new PipeView(TextWriter.Null), new ScriptedLines("Ann, hello"), interruptible: true,
            budgetMicroseconds: 1);
        Assert.Throws<OperationCanceledException>(() => loop.Run(cancelled.Token));
    }

    private static (string Output, ScriptedStage Stage) Play(string input, int preparation = 0)
    {
        var output = new StringWriter { NewLine = "\n" };
        var stage = new ScriptedStage { Preparation = preparation };
        var lines = new PipeLines(new StringReader(input));
        new PlayLoop(s_scene, stage, new PipeView(output), lines, interruptible: false, budgetMicroseconds: 4000).Run(default);
        return (output.ToString(), stage);
    }

    private static string PlayInterruptibly(ScriptedLines lines, out ScriptedStage stage)
    {
        var output = new StringWriter { NewLine = "\n" };
        stage = new ScriptedStage();
        new PlayLoop(s_scene, stage, new PipeView(output), lines, interruptible: true, budgetMicroseconds: 4000).Run(default);
        return output.ToString();
    }

    private static string[] Spoken(string output) =>
        output.Split('\n').SkipWhile(line => line.Length > 0).Where(line => line.Length > 0 && line[0] != '[').ToArray();

    private static Character NewCharacter(string name) => new() { Name = name, Persona = $"You are {name}." };

    /// <summary>Answers every line with three times the line, one of them a frame.</summary>
    private sealed class ScriptedStage : IStage
    {
        private readonly Dictionary<int, (Speech Speech, string Text, int Left)> _speaking = [];
        private long _decoded;

        private int _updates;

        /// <summary>Updates until everyone is prepared.</summary>
        internal int Preparation { get; init; }

        internal int UpdatesBeforeTheFirstLine { get; private set; }

        public bool IsPrepared => _updates >= Preparation;

        internal int Said { get; private set; }

        internal int Stopped { get; private set; }

        internal int MostSpeaking { get; private set; }

        public string ModelName => "Test Voice";

        public StageStatistics Statistics => new(_decoded, _speaking.Count, 5, 64);

        public void Update(int budgetMicroseconds)
        {
            _updates++;
            MostSpeaking = Math.Max(MostSpeaking, _speaking.Count);
            foreach ((int character, (Speech speech, string text, int left)) in _speaking.ToArray())
            {
                speech.Append(" " + text);
                _decoded++;
                if (left > 1)
                {
                    _speaking[character] = (speech, text, left - 1);
                    continue;
                }
                _speaking.Remove(character);
                speech.Finish(SpeechEnd.Complete);
            }
        }

        public bool WaitForProgress(TimeSpan timeout) => false;

        public Speech Say(int character, string text)
        {
            if (Said++ == 0) UpdatesBeforeTheFirstLine = _updates;
            var speech = new Speech();
            _speaking[character] = (speech, text, 3);
            return speech;
        }

        public void Stop(int character)
        {
            Stopped++;
            _speaking.Remove(character);
        }

        public void Dispose()
        {
        }
    }

    /// <summary>A player who says one line a frame.</summary>
    private sealed class ScriptedLines : ILineSource
    {
        private readonly Queue<string> _lines;
        private bool _saidOne;

        internal ScriptedLines(params string[] lines) => _lines = new Queue<string>(lines);

        public bool IsAtEnd => _lines.Count == 0;

        public bool TryTake(out string line)
        {
            line = "";
            _saidOne = !_saidOne;
            return _saidOne && _lines.TryDequeue(out line!);
        }
    }
}
