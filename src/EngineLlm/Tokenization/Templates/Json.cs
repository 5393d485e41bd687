using System.Globalization;

namespace EngineLlm.Tokenization.Templates;

/// <summary>
/// Values as JSON, the way that chat templates expect of `tojson`: Python's layout, and no escapes for letters beyond ASCII.
/// </summary>
internal sealed class Json
{
    private readonly TemplateRun _run;
    private readonly OriginTextBuilder _text;
    private readonly int _indent;

    private Json(TemplateRun run, int indent)
    {
        _run = run;
        _text = new OriginTextBuilder(run);
        _indent = indent;
    }

    /// <param name="run">The rendering.</param>
    /// <param name="value">What to write.</param>
    /// <param name="indent">[spaces] that each level is moved in; -1 writes one line.</param>
    internal static OriginText Write(TemplateRun run, Value value, int indent)
    {
        var json = new Json(run, indent);
        json.Write(value, 0);
        return json._text.ToText();
    }

    private void Write(Value value, int level)
    {
        _run.Enter();
        switch (value.Kind)
        {
            case ValueKind.None: Mark("null"); break;
            case ValueKind.Boolean: Mark(value.IsTrue ? "true" : "false"); break;
            case ValueKind.Integer: Mark(value.Integer.ToString(CultureInfo.InvariantCulture)); break;
            case ValueKind.Float: Mark(Printing.NumberText(value.Number)); break;
            case ValueKind.Text: WriteText(value.Text); break;
            case ValueKind.List: WriteList(value.List, level); break;
            case ValueKind.Dictionary when !value.Dictionary.IsNamespace: WriteDictionary(value.Dictionary, level); break;
            default: throw _run.Fault($"{value.KindName} cannot be written as JSON");
        }
        _run.Leave();
    }

    private void WriteList(Value[] items, int level)
    {
        Mark("[");
        for (int i = 0; i < items.Length; i++)
        {
            Separate(i, level + 1);
            Write(items[i], level + 1);
        }
        if (items.Length > 0) BreakLine(level);
        Mark("]");
    }

    private void WriteDictionary(ValueDictionary dictionary, int level)
    {
        Mark("{");
        for (int i = 0; i < dictionary.Count; i++)
        {
            Separate(i, level + 1);
            WriteText(dictionary.Entries[i].Key);
            Mark(": ");
            Write(dictionary.Entries[i].Value, level + 1);
        }
        if (dictionary.Count > 0) BreakLine(level);
        Mark("}");
    }

    private void Separate(int index, int level)
    {
        if (index > 0) Mark(_indent < 0 ? ", " : ",");
        BreakLine(level);
    }

    private void BreakLine(int level)
    {
        if (_indent < 0) return;
        Mark("\n");
        for (int i = 0; i < level * _indent; i++) _text.Append(' ', OriginText.Template);
    }

    private void Mark(string text) => _text.Append(text, OriginText.Template);

    private void WriteText(OriginText value)
    {
        Mark("\"");
        for (int i = 0; i < value.Length; i++)
        {
            char c = value.Chars[i];
            int origin = value.OriginAt(i);
            int simple = "\"\\\n\r\t\b\f".IndexOf(c);
            if (simple >= 0) _text.Append("\\" + "\"\\nrtbf"[simple], origin);
            else if (c < ' ') _text.Append("\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture), origin);
            else _text.Append(c, origin);
        }
        Mark("\"");
    }
}
