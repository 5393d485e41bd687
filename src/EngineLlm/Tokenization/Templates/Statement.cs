using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>How a statement ended.</summary>
internal enum Flow : byte
{
    Next,
    Break,
    Continue,
}

/// <summary>Something in a template that writes, decides or remembers.</summary>
internal abstract class Statement
{
    /// <summary>Where it stands, from 1.</summary>
    internal int Line { get; init; }

    internal Flow Run(TemplateRun run)
    {
        run.Enter();
        run.Line = Line;
        Flow flow = Execute(run);
        run.Leave();
        return flow;
    }

    protected abstract Flow Execute(TemplateRun run);
}

/// <summary>Text outside of all marks.</summary>
internal sealed class TextStatement(OriginText text) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        run.Write(text);
        return Flow.Next;
    }
}

/// <summary>{{ value }}.</summary>
internal sealed class OutputStatement(Expression value) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        run.Write(Printing.ToText(run, value.Evaluate(run)));
        return Flow.Next;
    }
}

/// <summary>Statements one after the other.</summary>
internal sealed class Sequence(IReadOnlyList<Statement> statements) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        foreach (Statement statement in statements)
        {
            Flow flow = statement.Run(run);
            if (flow != Flow.Next) return flow;
        }
        return Flow.Next;
    }
}

/// <summary>if, elif and else.</summary>
internal sealed class IfStatement(IReadOnlyList<KeyValuePair<Expression, Statement>> branches, Statement? otherwise) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        foreach (KeyValuePair<Expression, Statement> branch in branches)
        {
            if (branch.Key.Evaluate(run).IsTrue) return branch.Value.Run(run);
        }
        return otherwise?.Run(run) ?? Flow.Next;
    }
}

/// <summary>break and continue.</summary>
internal sealed class JumpStatement(Flow flow) : Statement
{
    protected override Flow Execute(TemplateRun run) => flow;
}

/// <summary>set name = value, set a, b = values, and set namespace.name = value.</summary>
internal sealed class SetStatement(Target target, Expression value) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        target.Assign(run, value.Evaluate(run));
        return Flow.Next;
    }
}

/// <summary>set name, with what a block writes as the value; the value may go through filters.</summary>
internal sealed class SetBlockStatement(Target target, CapturedExpression captured, Expression value) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        captured.Capture(run);
        target.Assign(run, value.Evaluate(run));
        return Flow.Next;
    }
}

/// <summary>filter name: what a block writes goes through a filter.</summary>
internal sealed class FilterStatement(CapturedExpression captured, Expression value) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        captured.Capture(run);
        run.Write(Printing.ToText(run, value.Evaluate(run)));
        return Flow.Next;
    }
}

/// <summary>with a = b: variables that are seen only inside.</summary>
internal sealed class WithStatement(IReadOnlyList<KeyValuePair<Target, Expression>> variables, Statement body) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        Scope outer = run.Scope;
        var values = new Value[variables.Count];
        for (int i = 0; i < values.Length; i++) values[i] = variables[i].Value.Evaluate(run);
        run.Open(outer);
        for (int i = 0; i < values.Length; i++) variables[i].Key.Assign(run, values[i]);
        Flow flow = body.Run(run);
        run.Scope = outer;
        return flow;
    }
}
