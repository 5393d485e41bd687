using System;
using System.Globalization;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Values as text, the way that Python prints them.</summary>
internal static class Printing
{
    internal static OriginText ToText(TemplateRun run, Value value)
    {
        if (value.IsText) return value.Text;
        if (value.IsUndefined) return OriginText.Empty;
        var text = new OriginTextBuilder(run);
        Write(run, value, text);
        return text.ToText();
    }

    /// <summary>A number that is read back as the same number.</summary>
    internal static string NumberText(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        string digits = number.ToString("R", CultureInfo.InvariantCulture);
        int exponent = digits.IndexOf('E');
        if (exponent < 0) return digits.IndexOf('.') >= 0 ? digits : digits + ".0";
        int power = int.Parse(digits.Substring(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (power is >= 0 and < 16) return number.ToString("F1", CultureInfo.InvariantCulture);
        return digits.Substring(0, exponent) + (power < 0 ? "e-" : "e+") + Math.Abs(power).ToString("00", CultureInfo.InvariantCulture);
    }

    private static void Write(TemplateRun run, Value value, OriginTextBuilder text)
    {
        run.Enter();
        switch (value.Kind)
        {
            case ValueKind.Text: WriteQuoted(value.Text, text); break;
            case ValueKind.List: WriteList(run, value.List, text); break;
            case ValueKind.Dictionary when !value.Dictionary.IsNamespace: WriteDictionary(run, value.Dictionary, text); break;
            case ValueKind.Undefined: text.Append("Undefined", OriginText.Template); break;
            default: text.Append(SimpleText(run, value), OriginText.Template); break;
        }
        run.Leave();
    }

    private static string SimpleText(TemplateRun run, Value value) => value.Kind switch
    {
        ValueKind.None => "None",
        ValueKind.Boolean => value.IsTrue ? "True" : "False",
        ValueKind.Integer => value.Integer.ToString(CultureInfo.InvariantCulture),
        ValueKind.Float => NumberText(value.Number),
        _ => throw run.Fault($"{value.KindName} cannot be printed"),
    };

    private static void WriteList(TemplateRun run, Value[] items, OriginTextBuilder text)
    {
        text.Append('[', OriginText.Template);
        for (int i = 0; i < items.Length; i++)
        {
            if (i > 0) text.Append(", ", OriginText.Template);
            Write(run, items[i], text);
        }
        text.Append(']', OriginText.Template);
    }

    private static void WriteDictionary(TemplateRun run, ValueDictionary dictionary, OriginTextBuilder text)
    {
        text.Append('{', OriginText.Template);
        for (int i = 0; i < dictionary.Count; i++)
        {
            if (i > 0) text.Append(", ", OriginText.Template);
            WriteQuoted(dictionary.Entries[i].Key, text);
            text.Append(": ", OriginText.Template);
            Write(run, dictionary.Entries[i].Value, text);
        }
        text.Append('}', OriginText.Template);
    }

    private static void WriteQuoted(OriginText value, OriginTextBuilder text)
    {
        char quote = value.Chars.IndexOf('\'') >= 0 && value.Chars.IndexOf('"') < 0 ? '"' : '\'';
        text.Append(quote, OriginText.Template);
        for (int i = 0; i < value.Length; i++)
        {
            char c = value.Chars[i];
            int origin = value.OriginAt(i);
            if (c == '\\' || c == quote) text.Append('\\', origin);
            string? escape = c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => null };
            if (escape is null && (c < ' ' || c == '\x7f')) escape = "\\x" + ((int)c).ToString("x2", CultureInfo.InvariantCulture);
            if (escape is null) text.Append(c, origin);
            else text.Append(escape, origin);
        }
        text.Append(quote, OriginText.Template);
    }
}
