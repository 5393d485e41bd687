namespace EngineLlm.Tokenization.Templates;

/// <summary>What a piece of a template's source is.</summary>
internal enum TokenType : byte
{
    /// <summary>Text outside of all marks.</summary>
    Data,

    /// <summary>{{</summary>
    BeginOutput,

    /// <summary>}}</summary>
    EndOutput,

    /// <summary>{%</summary>
    BeginBlock,

    /// <summary>%}</summary>
    EndBlock,

    Name,
    String,
    Integer,
    Float,
    Operator,

    /// <summary>The source's end.</summary>
    End,
}

/// <summary>A piece of a template's source.</summary>
internal readonly struct TemplateToken
{
    internal TemplateToken(TokenType type, string text, int line)
    {
        Type = type;
        Text = text;
        Line = line;
    }

    internal TokenType Type { get; }

    /// <summary>The characters; of a string without its quotes and with its escapes resolved.</summary>
    internal string Text { get; }

    internal int Line { get; }
}
