using System;
using System.Collections.Generic;
using System.Globalization;

namespace EngineLlm.Tokenization.Templates;

/// <summary>What can follow |; those on lists are in <see cref="ListFilters"/>.</summary>
internal static class Filters
{
    internal static Value Apply(TemplateRun run, string name, Value value, CallArguments arguments)
    {
        switch (name)
        {
            case "default" or "d": return Default(value, arguments);
            case "tojson": return Value.Of(Json.Write(run, value, IndentOf(run, arguments)));
            case "string": return Value.Of(Printing.ToText(run, value));
            case "safe": return value;
            case "length" or "count": return Value.Of(Access.Length(run, value));
            case "int": return ToInteger(value, arguments);
            case "float": return ToFloat(value, arguments);
            case "abs":
                if (!value.IsNumber) throw run.Fault($"{value.KindName} has no absolute value");
                return value.Number < 0 ? Operators.Apply(run, "-", Value.Of(0L), value) : value;
            case "items": return Pairs(run, value);
            case "trim": return Value.Of(TextMethods.Strip(run, Printing.ToText(run, value), OptionalText(run, arguments), true, true));
            case "upper" or "lower" or "title" or "capitalize":
                return Value.Of(TextMethods.ChangeCase(run, Printing.ToText(run, value), name));
            case "replace": return TextMethods.Call(run, Printing.ToText(run, value), name, arguments);
            case "indent": return Value.Of(Indent(run, Printing.ToText(run, value), arguments));
            case "escape" or "e": return Value.Of(Escape(run, Printing.ToText(run, value)));
            default: return ListFilters.Apply(run, name, value, arguments);
        }
    }

    private static Value Default(Value value, CallArguments arguments)
    {
        bool alsoFalse = arguments.Get(1, "boolean", Value.Of(false)).IsTrue;
        return value.IsUndefined || (alsoFalse && !value.IsTrue) ? arguments.Get(0, "default_value", Value.EmptyText) : value;
    }

    private static int IndentOf(TemplateRun run, CallArguments arguments)
    {
        // The first positional argument of the function that templates are written for is another one, which changes nothing here.
        long indent = arguments.GetInteger(run, 1, "indent", -1);
        return indent <= 32 ? (int)Math.Max(-1, indent) : throw run.Fault("tojson() is to indent by more than 32 spaces");
    }

    private static string? OptionalText(TemplateRun run, CallArguments arguments) =>
        arguments.TryGet(0, "chars", out Value value) && !value.IsNone ? arguments.RequireText(run, 0, "chars").Chars : null;

    private static Value ToInteger(Value value, CallArguments arguments)
    {
        if (value.IsInteger) return Value.Of(value.Integer);
        double number = value.Number;
        if (value.IsText)
        {
            string text = value.Text.Chars.Trim();
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
                return Value.Of(integer);
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)) number = double.NaN;
        }
        bool fits = (value.IsNumber || value.IsText) && Math.Abs(number) < 9e18;
        return fits ? Value.Of((long)number) : arguments.Get(0, "default", Value.Of(0L));
    }

    private static Value ToFloat(Value value, CallArguments arguments)
    {
        if (value.IsNumber) return Value.Of(value.Number);
        string text = value.IsText ? value.Text.Chars.Trim() : "";
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        return isNumber ? Value.Of(number) : arguments.Get(0, "default", Value.Of(0.0));
    }

    private static Value Pairs(TemplateRun run, Value value)
    {
        if (value.IsUndefined) return Value.Of(Array.Empty<Value>());
        return value.Kind == ValueKind.Dictionary
            ? Methods.Pairs(run, value.Dictionary)
            : throw run.Fault($"{value.KindName} has no pairs of keys and values");
    }

    private static OriginText Indent(TemplateRun run, OriginText text, CallArguments arguments)
    {
        Value given = arguments.Get(0, "width", Value.Of(4L));
        if (given.IsInteger && given.Integer is < 0 or > 100) throw run.Fault("indent() takes 0 to 100 spaces");
        OriginText margin = given.IsText
            ? given.Text
            : OriginText.From(new string(' ', (int)arguments.GetInteger(run, 0, "width", 4)), OriginText.Template);
        bool first = arguments.Get(1, "first", Value.Of(false)).IsTrue;
        bool blank = arguments.Get(2, "blank", Value.Of(false)).IsTrue;
        var result = new OriginTextBuilder(run);
        for (int start = 0; start < text.Length;)
        {
            int end = text.Chars.IndexOf('\n', start);
            if (end < 0) end = text.Length - 1;
            bool isBlank = text.Chars[start] == '\n';
            if (start == 0 ? first : blank || !isBlank) result.Append(margin);
            result.Append(text.Slice(start, end + 1 - start));
            start = end + 1;
        }
        return result.ToText();
    }

    private static OriginText Escape(TemplateRun run, OriginText text)
    {
        var result = new OriginTextBuilder(run);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text.Chars[i];
            string? name = c switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&#34;", '\'' => "&#39;", _ => null };
            if (name is null) result.Append(c, text.OriginAt(i));
            else result.Append(name, text.OriginAt(i));
        }
        return result.ToText();
    }
}
