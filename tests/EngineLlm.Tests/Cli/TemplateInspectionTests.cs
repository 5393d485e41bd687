using EngineLlm.Cli.Inspecting;
using EngineLlm.Models.Gguf;
using EngineLlm.Tests.Models.Gguf;
using EngineLlm.Tests.Tokenization;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class TemplateInspectionTests
{
    [TestCase("{{ messages[0].content }}", null)]
    [TestCase("{% include 'x' %}", "the block \"include\" is not known here")]
    [TestCase("{{ messages[0", "a mark has no end")]
    public void AReportSaysWhetherTheTemplateIsUnderstood(string template, string? problem)
    {
        using var temporary = new TemporaryFile(TinyVocabulary.BytePair().Add("tokenizer.chat_template", template).ToArray());
        using GgufFile file = GgufFile.Open(temporary.Path);
        ModelReport report = ModelInspector.Inspect(file, new InspectRequest());
        Assert.That(report.HasChatTemplate, Is.True);
        Assert.That(report.ChatTemplateProblem, problem is null ? Is.Null : Does.Contain(problem));
    }

    [Test]
    public void AFileWithoutATemplateHasNoProblemWithIt()
    {
        using var temporary = new TemporaryFile(TinyVocabulary.BytePair().ToArray());
        using GgufFile file = GgufFile.Open(temporary.Path);
        ModelReport report = ModelInspector.Inspect(file, new InspectRequest());
        Assert.That((report.HasChatTemplate, report.ChatTemplateProblem), Is.EqualTo((false, (string?)null)));
    }
}
