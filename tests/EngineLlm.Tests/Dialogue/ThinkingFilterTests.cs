using System;
using System.Linq;
using EngineLlm.Dialogue;
using EngineLlm.Tokenization;
using NUnit.Framework;

namespace EngineLlm.Tests.Dialogue;

public sealed class ThinkingFilterTests
{
    [TestCase("Good day.", false, "Good day.", "")]
    [TestCase("<think>\nA guest. I greet.\n</think>\n\nGood day.", false, "Good day.", "A guest. I greet.")]
    [TestCase("\nA guest.\n</think>\n\nGood day.", true, "Good day.", "A guest.")]
    [TestCase("<think></think>Good day.", false, "Good day.", "")]
    [TestCase("<think>\n\n</think>\n\n", false, "", "")]
    [TestCase("<think>Never done", false, "", "Never done")]
    [TestCase("<think>a</think> Hm. <think>b</think> Good day.", false, "Hm. Good day.", "ab")]
    [TestCase("1 <thin> 2 <<think>a</think>>", false, "1 <thin> 2 <>", "a")]
    [TestCase("<think>a </thin> </<</think>b", false, "b", "a </thin> </<")]
    [TestCase("Good day.</think>", false, "Good day.</think>", "")]
    [TestCase("Ends like one <thi", false, "Ends like one <thi", "")]
    [TestCase("<think>ends like one </thi", false, "", "ends like one </thi")]
    public void ThoughtsAreNotSaidHoweverTheMarksAreCutUp(string spoken, bool isOpened, string expected, string expectedThoughts)
    {
        for (int piece = 1; piece <= spoken.Length; piece++)
        {
            var filter = new ThinkingFilter(new ThinkingSection("<think>", "</think>", isOpened, []));
            var said = new AnswerText([], trims: true, capacity: 1);
            var thought = new AnswerText([], trims: true, capacity: 1);
            foreach (char[] part in spoken.Chunk(piece))
            {
                filter.Append(part, said, thought);
                Assert.That(expected, Does.StartWith(said.Released.ToString()), $"shown too early, in pieces of {piece}");
            }
            filter.Finish(said, thought);
            said.Finish();
            thought.Finish();
            Assert.That(said.Released.ToString(), Is.EqualTo(expected), $"in pieces of {piece}");
            Assert.That(thought.Released.ToString(), Is.EqualTo(expectedThoughts), $"in pieces of {piece}");
        }
    }

    [Test]
    public void PartingThemAllocatesNothing()
    {
        var filter = new ThinkingFilter(new ThinkingSection("[THINK]", "[/THINK]", false, []));
        var said = new AnswerText([], trims: true, capacity: 4096);
        var thought = new AnswerText([], trims: true, capacity: 4096);
        filter.Append("[THINK]x[/THINK]y", said, thought);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) filter.Append("[THI[THINK]thought[/THI[/THINK] said ", said, thought);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
