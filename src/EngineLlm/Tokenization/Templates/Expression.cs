using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Something in a template that has a value.</summary>
internal abstract class Expression
{
    internal Value Evaluate(TemplateRun run)
    {
        run.Enter();
        Value value = Compute(run);
        run.Leave();
        return value;
    }

    protected abstract Value Compute(TemplateRun run);
}

/// <summary>A value that stands in the template.</summary>
internal sealed class LiteralExpression(Value value) : Expression
{
    protected override Value Compute(TemplateRun run) => value;
}

/// <summary>A variable.</summary>
internal sealed class NameExpression(string name) : Expression
{
    internal string Name => name;

    protected override Value Compute(TemplateRun run) => run.Scope.Get(name);
}

/// <summary>[a, b], and (a, b), which is the same here.</summary>
internal sealed class ListExpression(IReadOnlyList<Expression> items) : Expression
{
    protected override Value Compute(TemplateRun run)
    {
        run.Spend(TemplateRun.ItemSteps * items.Count);
        var values = new Value[items.Count];
        for (int i = 0; i < values.Length; i++) values[i] = items[i].Evaluate(run);
        return Value.Of(values);
    }
}

/// <summary>{"key": value}.</summary>
internal sealed class DictionaryExpression(IReadOnlyList<KeyValuePair<Expression, Expression>> entries) : Expression
{
    protected override Value Compute(TemplateRun run)
    {
        run.Spend(TemplateRun.ObjectSteps * (1 + entries.Count));
        var dictionary = new ValueDictionary();
        foreach (KeyValuePair<Expression, Expression> entry in entries)
        {
            Value key = entry.Key.Evaluate(run);
            if (!key.IsText) throw run.Unknown($"a dictionary with {key.KindName} as a key");
            dictionary.Set(key.Text, entry.Value.Evaluate(run));
        }
        return Value.Of(dictionary);
    }
}

/// <summary>a if b else c.</summary>
internal sealed class ConditionalExpression(Expression condition, Expression then, Expression? otherwise) : Expression
{
    protected override Value Compute(TemplateRun run) =>
        condition.Evaluate(run).IsTrue ? then.Evaluate(run) : otherwise?.Evaluate(run) ?? Value.Undefined("the missing else");
}

/// <summary>and, or, not: the first two give one of their operands.</summary>
internal sealed class LogicalExpression(string symbol, Expression left, Expression? right) : Expression
{
    protected override Value Compute(TemplateRun run)
    {
        Value value = left.Evaluate(run);
        if (right is null) return Value.Of(!value.IsTrue);
        return value.IsTrue == (symbol == "or") ? value : right.Evaluate(run);
    }
}

/// <summary>Arithmetic with two operands.</summary>
internal sealed class BinaryExpression(string symbol, Expression left, Expression right) : Expression
{
    protected override Value Compute(TemplateRun run) => Operators.Apply(run, symbol, left.Evaluate(run), right.Evaluate(run));
}

/// <summary>+a and -a.</summary>
internal sealed class SignExpression(string symbol, Expression operand) : Expression
{
    protected override Value Compute(TemplateRun run)
    {
        Value value = operand.Evaluate(run);
        if (!value.IsNumber) throw run.Fault($"{value.KindName} has no sign");
        return Operators.Apply(run, symbol, Value.Of(0L), value);
    }
}

/// <summary>a ~ b ~ c.</summary>
internal sealed class ConcatenationExpression(IReadOnlyList<Expression> parts) : Expression
{
    protected override Value Compute(TemplateRun run)
    {
        var text = new OriginTextBuilder(run);
        foreach (Expression part in parts) text.Append(Printing.ToText(run, part.Evaluate(run)));
        return Value.Of(text.ToText());
    }
}

/// <summary>a &lt; b, and chains such as a &lt; b &lt; c.</summary>
internal sealed class ComparisonExpression(Expression first, IReadOnlyList<KeyValuePair<string, Expression>> others) : Expression
{
    protected override Value Compute(TemplateRun run)
    {
        Value left = first.Evaluate(run);
        foreach (KeyValuePair<string, Expression> other in others)
        {
            Value right = other.Value.Evaluate(run);
            if (!Operators.Compare(run, other.Key, left, right)) return Value.Of(false);
            left = right;
        }
        return Value.Of(true);
    }
}
