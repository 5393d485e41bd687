using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Threading;
using EngineLlm.Cli.Evaluation;
using Spectre.Console;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm eval-npc`: how well a model answers from its persona.</summary>
internal static class EvalNpcCommand
{
    private const int Together = 8;

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<string?> model = SharedOptions.Model();
        Option<string?> device = SharedOptions.Device();
        var questions = new Option<string>("--questions", "-q") { Description = "Personas with questions: a JSON object a line with persona and turns.", HelpName = "file", Required = true };
        Option<int> maxTokens = SharedOptions.MaxTokens(72);
        var answers = new Option<bool>("--answers") { Description = "Print every answer." };
        Option<string?> preTokenizer = SharedOptions.PreTokenizer();
        Option<bool> json = SharedOptions.Json();
        var command = new Command("eval-npc", "Ask characters questions with known answers, greedily, and count what is right.") 
        {
            model, device, questions, maxTokens, answers, preTokenizer, json,
        };
        command.SetAction(parsed =>
        {
            string path = ModelLocator.Find(parsed.GetValue(model));
            var options = new EngineOptions
            {
                Device = parsed.GetValue(device), MaxSequences = Together, PreTokenizer = parsed.GetValue(preTokenizer),
            };
            using LlmEngine engine = EngineLoader.Load(path, options, terminal, cancellation);
            var run = new EvaluationRun(engine, parsed.GetValue(maxTokens), Together);
            run.Execute(parsed.GetRequiredValue(questions), cancellation);
            var report = new EvaluationReport(
                ProgramVersion.Text, engine.Device.Name, Path.GetFileName(path), Path.GetFileName(parsed.GetRequiredValue(questions)),
                run.Score.Figures, run.Score.ByIntent, parsed.GetValue(answers) ? run.Answers : null);
            if (parsed.GetValue(json)) terminal.Output.WriteLine(JsonSerializer.Serialize(report, EvaluationJson.Default.EvaluationReport));
            else Write(terminal, report);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(Terminal terminal, EvaluationReport report)
    {
        foreach (GivenAnswer answer in report.Answers ?? [])
        {
            string mark = answer.IsWrong ? "wrong" : answer.IsRight ? "right" : "-";
            terminal.Output.WriteLine($"[{answer.Intent}, {mark}] {answer.Question}\n    {VisibleText.Of(answer.Answer)}");
        }
        EvaluationFigures figures = report.Figures;
        Table table = Tables.Create().AddColumn("what").AddColumn("of").AddColumn("share");
        void Row(string what, int of, double share) =>
            table.AddRow(what, of.ToString(CultureInfo.InvariantCulture), of == 0 ? "-" : share.ToString("P1", CultureInfo.InvariantCulture));
        Row("hold the right fact", figures.FactQuestions, figures.RightFacts);
        Row("hold a wrong fact", figures.FactQuestions, figures.WrongFacts);
        Row("decline what they cannot know", figures.Unanswerable, figures.Declined);
        Row("whole sentences", figures.Answers, figures.WholeSentences);
        Row("without a loop", figures.Answers, figures.WithoutLoops);
        Row("in the first person", figures.Answers, figures.FirstPerson);
        Row("all three of these", figures.Answers, figures.WellFormed);
        terminal.Console.Write(table);
    }
}
