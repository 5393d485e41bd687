using System;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Arithmetic and comparison, with Python's rules.</summary>
internal static class Operators
{
    internal static Value Apply(TemplateRun run, string symbol, Value left, Value right)
    {
        if (left.IsNumber && right.IsNumber) return Calculate(run, symbol, left, right);
        if (symbol == "+" && left.IsText && right.IsText) return Value.Of(Join(run, left.Text, right.Text));
        if (symbol == "+" && left.Kind == ValueKind.List && right.Kind == ValueKind.List) return Value.Of(Join(run, left.List, right.List));
        if (symbol == "*" && right.IsInteger && left.Kind is ValueKind.Text or ValueKind.List) return Repeat(run, left, right.Integer);
        if (symbol == "*" && left.IsInteger && right.Kind is ValueKind.Text or ValueKind.List) return Repeat(run, right, left.Integer);
        if (symbol == "%" && left.IsText) throw run.Unknown("the operator % on a string");
        if (left.IsUndefined) throw run.Fault($"\"{left.MissingName}\" is undefined");
        if (right.IsUndefined) throw run.Fault($"\"{right.MissingName}\" is undefined");
        throw run.Fault($"the operator {symbol} does not take {left.KindName} and {right.KindName}");
    }

    /// <summary>Whether a comparison holds.</summary>
    internal static bool Compare(TemplateRun run, string symbol, Value left, Value right) => symbol switch
    {
        "==" => AreEqual(run, left, right),
        "!=" => !AreEqual(run, left, right),
        "in" => Contains(run, right, left),
        "not in" => !Contains(run, right, left),
        "<" => Order(run, left, right) < 0,
        "<=" => Order(run, left, right) <= 0,
        ">" => Order(run, left, right) > 0,
        _ => Order(run, left, right) >= 0,
    };

    internal static bool AreEqual(TemplateRun run, Value left, Value right)
    {
        if (left.IsNumber && right.IsNumber)
            return left.IsInteger && right.IsInteger ? left.Integer == right.Integer : left.Number.Equals(right.Number);
        if (left.Kind != right.Kind) return false;
        run.Enter();
        bool equal = left.Kind switch
        {
            ValueKind.Text => SameChars(run, left.Text.Chars, right.Text.Chars),
            ValueKind.List => SameItems(run, left.List, right.List),
            ValueKind.Dictionary => SameEntries(run, left.Dictionary, right.Dictionary),
            ValueKind.Loop => ReferenceEquals(left.Loop, right.Loop),
            ValueKind.Function => ReferenceEquals(left.Function, right.Function),
            _ => true,
        };
        run.Leave();
        return equal;
    }

    /// <summary>Negative, zero or positive, as the first comes before, with or after the second.</summary>
    internal static int Order(TemplateRun run, Value left, Value right)
    {
        if (left.IsInteger && right.IsInteger) return left.Integer.CompareTo(right.Integer);
        if (left.IsNumber && right.IsNumber) return left.Number.CompareTo(right.Number);
        if (!left.IsText || !right.IsText) throw run.Fault($"{left.KindName} and {right.KindName} have no order");
        run.Spend(Math.Min(left.Text.Length, right.Text.Length) / 8);
        return string.CompareOrdinal(left.Text.Chars, right.Text.Chars);
    }

    internal static bool Contains(TemplateRun run, Value container, Value item)
    {
        switch (container.Kind)
        {
            case ValueKind.Undefined: return false;
            case ValueKind.Dictionary when item.IsText: return container.Dictionary.Has(item.Text.Chars);
            case ValueKind.Dictionary: return false;
            case ValueKind.Text when item.IsText: return Search.IndexOf(run, container.Text.Chars, item.Text.Chars, 0) >= 0;
            case ValueKind.List:
                foreach (Value candidate in container.List)
                {
                    run.Spend(1);
                    if (AreEqual(run, candidate, item)) return true;
                }
                return false;
            default: throw run.Fault($"{container.KindName} cannot contain {item.KindName}");
        }
    }

    private static bool SameChars(TemplateRun run, string left, string right)
    {
        if (left.Length != right.Length) return false;
        run.Spend(left.Length / 8);
        return string.Equals(left, right, StringComparison.Ordinal);
    }

    private static bool SameItems(TemplateRun run, Value[] left, Value[] right)
    {
        if (left.Length != right.Length) return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (!AreEqual(run, left[i], right[i])) return false;
        }
        return true;
    }

    private static bool SameEntries(TemplateRun run, ValueDictionary left, ValueDictionary right)
    {
        if (ReferenceEquals(left, right)) return true;
        if (left.IsNamespace || right.IsNamespace || left.Count != right.Count) return false;
        foreach (var entry in left.Entries)
        {
            if (!right.TryGet(entry.Key.Chars, out Value other) || !AreEqual(run, entry.Value, other)) return false;
        }
        return true;
    }

    private static OriginText Join(TemplateRun run, OriginText left, OriginText right)
    {
        if (left.Length == 0) return right;
        if (right.Length == 0) return left;
        var text = new OriginTextBuilder(run);
        text.Append(left);
        text.Append(right);
        return text.ToText();
    }

    private static Value[] Join(TemplateRun run, Value[] left, Value[] right)
    {
        run.Spend(TemplateRun.ItemSteps * (left.Length + right.Length));
        var items = new Value[left.Length + right.Length];
        left.CopyTo(items, 0);
        right.CopyTo(items, left.Length);
        return items;
    }

    private static Value Repeat(TemplateRun run, Value value, long count)
    {
        long length = value.IsText ? value.Text.Length : value.List.Length;
        if (count <= 0 || length == 0) return value.IsText ? Value.EmptyText : Value.Of(Array.Empty<Value>());
        // A bound of its own, before the product that could overflow.
        run.Spend(count);
        run.Spend(count * length * (value.IsText ? 0 : TemplateRun.ItemSteps));
        if (value.IsText)
        {
            var text = new OriginTextBuilder(run);
            for (long i = 0; i < count; i++) text.Append(value.Text);
            return Value.Of(text.ToText());
        }
        var items = new Value[count * length];
        for (long i = 0; i < count; i++) value.List.CopyTo(items, i * length);
        return Value.Of(items);
    }

    private static Value Calculate(TemplateRun run, string symbol, Value left, Value right)
    {
        bool isZero = right.IsInteger ? right.Integer == 0 : right.Number == 0;
        if (isZero && symbol is "/" or "//" or "%") throw run.Fault("a number is divided by zero");
        if (!left.IsInteger || !right.IsInteger || symbol == "/") return Value.Of(Calculate(symbol, left.Number, right.Number));
        if (symbol == "**" && right.Integer < 0) return Value.Of(Math.Pow(left.Integer, right.Integer));
        try
        {
            return Value.Of(Calculate(run, symbol, left.Integer, right.Integer));
        }
        catch (OverflowException)
        {
            throw run.Fault("a number grows too large");
        }
    }

    private static double Calculate(string symbol, double left, double right) => symbol switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "//" => Math.Floor(left / right),
        "%" => left - (Math.Floor(left / right) * right),
        _ => Math.Pow(left, right),
    };

    private static long Calculate(TemplateRun run, string symbol, long left, long right)
    {
        switch (symbol)
        {
            case "+": return checked(left + right);
            case "-": return checked(left - right);
            case "*": return checked(left * right);
            case "**": return Power(run, left, right);
        }
        // Rounded down, where the machine rounds towards zero. Its smallest number over -1 overflows without telling.
        if (right == -1) return symbol == "%" ? 0 : checked(-left);
        long remainder = left % right;
        bool isLower = remainder != 0 && (remainder < 0) != (right < 0);
        return symbol == "%" ? remainder + (isLower ? right : 0) : (left / right) - (isLower ? 1 : 0);
    }

    private static long Power(TemplateRun run, long value, long exponent)
    {
        if (value is 0 or 1 || exponent == 0) return exponent == 0 ? 1 : value;
        if (value == -1) return exponent % 2 == 0 ? 1 : -1;
        long result = 1;
        for (; exponent > 0; exponent--)
        {
            run.Spend(1);
            result = checked(result * value);
        }
        return result;
    }
}
