namespace EngineLlm.Tokenization.Templates;

/// <summary>What can follow `is`.</summary>
internal static class Tests
{
    internal static bool Check(TemplateRun run, string name, Value value, CallArguments arguments)
    {
        switch (name)
        {
            case "defined": return !value.IsUndefined;
            case "undefined": return value.IsUndefined;
            case "none": return value.IsNone;
            case "boolean": return value.Kind == ValueKind.Boolean;
            case "true": return value.Kind == ValueKind.Boolean && value.IsTrue;
            case "false": return value.Kind == ValueKind.Boolean && !value.IsTrue;
            case "integer": return value.Kind == ValueKind.Integer;
            case "float": return value.Kind == ValueKind.Float;
            case "number": return value.IsNumber;
            case "string": return value.IsText;
            case "mapping": return IsMapping(value);
            case "sequence": return value.IsUndefined || value.IsText || value.Kind == ValueKind.List || IsMapping(value);
            case "iterable": return value.IsUndefined || value.IsText || value.Kind == ValueKind.List || IsMapping(value);
            case "callable": return value.Kind == ValueKind.Function;
            case "odd" or "even":
                return value.IsInteger
                    ? (value.Integer % 2 == 0) == (name == "even")
                    : throw run.Fault($"{value.KindName} is neither odd nor even");
            case "upper": return value.IsText && TextMethods.IsUpper(value.Text.Chars);
            case "lower": return value.IsText && TextMethods.IsLower(value.Text.Chars);
        }
        return CheckAgainst(run, name, value, arguments);
    }

    private static bool CheckAgainst(TemplateRun run, string name, Value value, CallArguments arguments)
    {
        string? symbol = name switch
        {
            "eq" or "equalto" => "==",
            "ne" => "!=",
            "lt" or "lessthan" => "<",
            "le" => "<=",
            "gt" or "greaterthan" => ">",
            "ge" => ">=",
            "in" => "in",
            _ => null,
        };
        if (symbol != null) return Operators.Compare(run, symbol, value, arguments.Require(run, 0, "other"));
        if (name == "sameas")
            return arguments.Require(run, 0, "other") is var other && value.Kind == other.Kind && Operators.AreEqual(run, value, other);
        if (name != "divisibleby") throw run.Unknown($"the test \"{name}\"");
        return Operators.Apply(run, "%", value, arguments.Require(run, 0, "num")).Number == 0;
    }

    private static bool IsMapping(Value value) => value.Kind == ValueKind.Dictionary && !value.Dictionary.IsNamespace;
}
