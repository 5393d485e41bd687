using EngineLlm.Cli.Evaluation;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

public sealed class EvaluationTests
{
    [TestCase("I ask Four silver for it.", "four silver", ExpectedResult = true)]
    [TestCase("I ask twenty-four silver for it.", "four silver", ExpectedResult = false)]
    [TestCase("Wrenna is my name.", "Wren", ExpectedResult = false)]
    [TestCase("Wrenna's friend is Wren.", "Wren", ExpectedResult = true)]
    [TestCase("I am Wren's mother", "wren", ExpectedResult = true)]
    [TestCase("", "Wren", ExpectedResult = false)]
    [TestCase("I have nothing.", "", ExpectedResult = false)]
    public bool AFactIsHeldInWholeWords(string answer, string fact) => AnswerChecks.HoldsAny(answer, [fact]);

    [TestCase("I don't know, friend.", ExpectedResult = true)]
    [TestCase("I DON'T SELL a boat.", ExpectedResult = true)]
    [TestCase("It is north of the mill, I believe.", ExpectedResult = false)]
    public bool Declining(string answer) => AnswerChecks.Declines(answer);

    [TestCase("I sell rope.", ExpectedResult = true)]
    [TestCase("\"Come in,\" I say.", ExpectedResult = true)]
    [TestCase("12 crowns, I'd say!", ExpectedResult = true)]
    [TestCase("I sell rope and", ExpectedResult = false)]
    [TestCase("and I sell rope.", ExpectedResult = false)]
    [TestCase("Rope.", ExpectedResult = false)]
    [TestCase("  ", ExpectedResult = false)]
    public bool WholeSentences(string answer) => AnswerChecks.IsWhole(answer);

    [Test]
    public void SixWordsThreeTimesAreALoop()
    {
        const string six = "i will go to the mill ";
        Assert.That(AnswerChecks.Loops(six + six), Is.False);
        Assert.That(AnswerChecks.Loops(six + six + six), Is.True);
        Assert.That(AnswerChecks.Loops("I will go to the mill, but I will not go to the mine."), Is.False);
    }

    [TestCase("I'm Bram.", ExpectedResult = true)]
    [TestCase("That is MY rope.", ExpectedResult = true)]
    [TestCase("In it is an iron item.", ExpectedResult = false)]
    public bool FirstPerson(string answer) => AnswerChecks.IsFirstPerson(answer);

    [Test]
    public void SharesAreOfTheQuestionsThatTheyBelongTo()
    {
        var score = new EvaluationScore();
        EvaluationTurn price = new("assistant", null, "ware", ["two crowns", "2 crowns"], ["six crowns"]);
        EvaluationTurn unknown = new("assistant", null, EvaluationScore.Unknown, null, null);
        score.Add("How much?", price, "I ask 2 crowns for it.");
        score.Add("How much?", price, "I ask six crowns for it.");
        score.Add("How much?", price, "Two crowns, or six crowns.");
        score.Add("How much?", price, "I forgot");
        score.Add("Who is the king?", unknown, "I don't know.");
        score.Add("Hello!", new EvaluationTurn("assistant", null, "hello", null, null), "Hello, I am Bram.");

        EvaluationFigures figures = score.Figures;
        Assert.That((figures.Answers, figures.FactQuestions, figures.Unanswerable), Is.EqualTo((6, 4, 1)));
        Assert.That(figures.RightFacts, Is.EqualTo(0.5));
        Assert.That(figures.WrongFacts, Is.EqualTo(0.5));
        Assert.That(figures.Declined, Is.EqualTo(1));
        Assert.That(figures.WholeSentences, Is.EqualTo(5 / 6.0));
        Assert.That(figures.FirstPerson, Is.EqualTo(5 / 6.0));
        Assert.That(figures.WellFormed, Is.EqualTo(4 / 6.0));
        Assert.That(score.ByIntent["ware"], Is.EqualTo("2/4"));
    }

    [Test]
    public void NoQuestionsGiveNoShares() => Assert.That(new EvaluationScore().Figures.RightFacts, Is.Zero);
}
