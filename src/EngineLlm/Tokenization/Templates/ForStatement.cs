using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>for target in items if condition: body, else otherwise.</summary>
internal sealed class ForStatement(Target target, Expression items, Expression? condition, Statement body, Statement? otherwise) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        Scope outer = run.Scope;
        Value value = items.Evaluate(run);
        if (value.IsNone) throw run.Fault("none has no items");
        Value[] chosen = Choose(run, Access.Items(run, value), outer);
        Flow flow = chosen.Length > 0 ? Loop(run, chosen, outer) : otherwise?.Run(run) ?? Flow.Next;
        run.Scope = outer;
        return flow;
    }

    private Value[] Choose(TemplateRun run, Value[] all, Scope outer)
    {
        if (condition is null) return all;
        var chosen = new List<Value>();
        foreach (Value item in all)
        {
            run.Open(outer);
            target.Assign(run, item);
            if (condition.Evaluate(run).IsTrue) chosen.Add(item);
        }
        run.Scope = outer;
        return chosen.ToArray();
    }

    private Flow Loop(TemplateRun run, Value[] chosen, Scope outer)
    {
        var loop = new LoopState(chosen);
        for (; loop.Index < chosen.Length; loop.Index++)
        {
            // A round's variables are gone with the round.
            run.Open(outer);
            run.Scope.Set("loop", Value.Of(loop));
            target.Assign(run, chosen[loop.Index]);
            run.Line = Line;
            int before = run.Output.Length;
            Flow flow = body.Run(run);
            if (run.Output.Length > before && IsMessage(chosen[loop.Index])) run.EndMessage();
            if (flow == Flow.Break) break;
        }
        return Flow.Next;
    }

    private static bool IsMessage(Value item) => item.Kind == ValueKind.Dictionary && item.Dictionary.IsMessage;
}
