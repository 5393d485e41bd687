using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>a.b; also what is called in a.b().</summary>
internal sealed class AttributeExpression(Expression target, string name) : Expression
{
    internal Expression Target => target;

    internal string Name => name;

    protected override Value Compute(TemplateRun run) => Access.Attribute(run, target.Evaluate(run), name);
}

/// <summary>a[b].</summary>
internal sealed class IndexExpression(Expression target, Expression index) : Expression
{
    protected override Value Compute(TemplateRun run) => Access.Item(run, target.Evaluate(run), index.Evaluate(run));
}

/// <summary>a[b:c:d], each part of which may be missing.</summary>
internal sealed class SliceExpression(Expression target, Expression? start, Expression? stop, Expression? step) : Expression
{
    protected override Value Compute(TemplateRun run)
    {
        Value value = target.Evaluate(run);
        return Access.Slice(run, value, Bound(run, start), Bound(run, stop), Bound(run, step));
    }

    private static long? Bound(TemplateRun run, Expression? expression)
    {
        if (expression is null) return null;
        Value value = expression.Evaluate(run);
        if (value.IsNone) return null;
        return value.IsInteger ? value.Integer : throw run.Fault($"a slice's bounds are integers, and one is {value.KindName}");
    }
}

/// <summary>The arguments of a call as they stand in the template.</summary>
internal sealed class ArgumentList(IReadOnlyList<Expression> positional, IReadOnlyList<KeyValuePair<string, Expression>> named)
{
    internal static ArgumentList Empty { get; } = new(Array.Empty<Expression>(), Array.Empty<KeyValuePair<string, Expression>>());

    internal CallArguments Evaluate(TemplateRun run, string callee)
    {
        if (positional.Count + named.Count == 0) return CallArguments.NoneFor(callee);
        var values = new Value[positional.Count];
        for (int i = 0; i < values.Length; i++) values[i] = positional[i].Evaluate(run);
        var namedValues = new KeyValuePair<string, Value>[named.Count];
        for (int i = 0; i < namedValues.Length; i++)
            namedValues[i] = new KeyValuePair<string, Value>(named[i].Key, named[i].Value.Evaluate(run));
        return new CallArguments(callee, values, namedValues);
    }
}

/// <summary>a(...) and a.b(...).</summary>
internal sealed class CallExpression(Expression target, ArgumentList arguments) : Expression
{
    protected override Value Compute(TemplateRun run)
    {
        if (target is AttributeExpression method)
            return Methods.Call(run, method.Target.Evaluate(run), method.Name, arguments.Evaluate(run, method.Name));
        Value value = target.Evaluate(run);
        string name = target is NameExpression variable ? variable.Name : "it";
        if (value.IsUndefined) throw run.Unknown($"the function \"{name}\"");
        if (value.Kind != ValueKind.Function) throw run.Fault($"{value.KindName} cannot be called");
        return value.Function.Call(run, arguments.Evaluate(run, name));
    }
}

/// <summary>a | filter(...).</summary>
internal sealed class FilterExpression(Expression target, string name, ArgumentList arguments) : Expression
{
    protected override Value Compute(TemplateRun run) => Filters.Apply(run, name, target.Evaluate(run), arguments.Evaluate(run, name));
}

/// <summary>a is test(...).</summary>
internal sealed class TestExpression(Expression target, string name, ArgumentList arguments) : Expression
{
    protected override Value Compute(TemplateRun run) =>
        Value.Of(Tests.Check(run, name, target.Evaluate(run), arguments.Evaluate(run, name)));
}
