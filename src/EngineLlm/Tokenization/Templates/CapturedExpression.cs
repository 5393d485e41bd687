namespace EngineLlm.Tokenization.Templates;

/// <summary>
/// What a block has written, as a value for the filters that follow. The text waits in the run's variables, under a name that no template
/// can say.
/// </summary>
internal sealed class CapturedExpression(Statement body) : Expression
{
    private const string Name = "captured text";

    internal void Capture(TemplateRun run)
    {
        Scope outer = run.Scope;
        run.Open(outer);
        OriginText text = run.Capture(body);
        run.Scope = outer;
        outer.Set(Name, Value.Of(text));
    }

    protected override Value Compute(TemplateRun run) => run.Scope.Get(Name);
}
