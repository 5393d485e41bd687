using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>A template's tokens as its parsers walk through them, and how deep they are in it.</summary>
internal sealed class TokenStream
{
    /// <summary>How deep a template's blocks and brackets may nest.</summary>
    private const int MaxDepth = 60;

    private readonly List<TemplateToken> _tokens;
    private readonly Func<string, int, Exception> _error;
    private int _at;
    private int _depth;

    internal TokenStream(List<TemplateToken> tokens, Func<string, int, Exception> error)
    {
        _tokens = tokens;
        _error = error;
    }

    internal TemplateToken Current => _tokens[_at];

    internal TemplateToken Following => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    internal TemplateToken Take()
    {
        TemplateToken token = Current;
        if (_at < _tokens.Count - 1) _at++;
        return token;
    }

    internal bool Is(TokenType type) => Current.Type == type;

    internal bool IsOperator(string text) => Current.Type == TokenType.Operator && Current.Text == text;

    internal bool IsName(string text) => Current.Type == TokenType.Name && Current.Text == text;

    internal bool SkipOperator(string text)
    {
        bool found = IsOperator(text);
        if (found) Take();
        return found;
    }

    internal bool SkipName(string text)
    {
        bool found = IsName(text);
        if (found) Take();
        return found;
    }

    internal TemplateToken Expect(TokenType type, string what) =>
        Is(type) ? Take() : throw Error($"{what} is expected instead of \"{Shown}\"");

    internal void ExpectOperator(string text)
    {
        if (!SkipOperator(text)) throw Error($"\"{text}\" is expected instead of \"{Shown}\"");
    }

    internal void ExpectName(string text)
    {
        if (!SkipName(text)) throw Error($"\"{text}\" is expected instead of \"{Shown}\"");
    }

    internal string Shown => Models.Gguf.GgufParser.Printable(Current.Text);

    internal Exception Error(string what) => _error(what, Current.Line);

    internal void Enter()
    {
        if (++_depth > MaxDepth) throw Error($"it nests more than {MaxDepth} levels deep");
    }

    internal void Leave() => _depth--;
}
