using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Cuts what stands between a template's marks into names, literals and operators.</summary>
internal sealed class ExpressionLexer
{
    private static readonly string[] s_operators =
    {
        "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{", "}", "<", ">", "=", ".", ":", "|", ",",
    };

    private readonly string _source;
    private readonly char _close;
    private readonly Func<string, int, Exception> _error;
    private readonly List<TemplateToken> _tokens;
    private int _brackets;

    /// <param name="source">The whole template.</param>
    /// <param name="position">Where the expression begins.</param>
    /// <param name="line">The line of that position.</param>
    /// <param name="close">The first character of the closing mark.</param>
    /// <param name="error">Makes the error to throw.</param>
    /// <param name="tokens">Where the tokens go.</param>
    internal ExpressionLexer(
        string source, int position, int line, char close, Func<string, int, Exception> error, List<TemplateToken> tokens)
    {
        _source = source;
        Position = position;
        Line = line;
        _close = close;
        _error = error;
        _tokens = tokens;
    }

    /// <summary>Where it stands; after <see cref="Run"/> at the closing mark, or at the sign before it.</summary>
    internal int Position { get; private set; }

    internal int Line { get; private set; }

    internal void Run()
    {
        while (true)
        {
            SkipBlanks();
            if (Position >= _source.Length) throw _error("a mark has no end", Line);
            if (_brackets == 0 && IsClose()) return;
            char c = _source[Position];
            if (c is '\'' or '"') ReadString(c);
            else if (c is >= '0' and <= '9') ReadNumber();
            else if (char.IsLetter(c) || c == '_') ReadName();
            else ReadOperator();
        }
    }

    private bool IsClose()
    {
        int at = _source[Position] is '-' or '+' ? Position + 1 : Position;
        return at + 1 < _source.Length && _source[at] == _close && _source[at + 1] == '}';
    }

    private void SkipBlanks()
    {
        for (; Position < _source.Length && char.IsWhiteSpace(_source[Position]); Position++)
        {
            if (_source[Position] == '\n') Line++;
        }
    }

    private void Add(TokenType type, string text) => _tokens.Add(new TemplateToken(type, text, Line));

    private void ReadName()
    {
        int start = Position;
        while (Position < _source.Length && (char.IsLetterOrDigit(_source[Position]) || _source[Position] == '_')) Position++;
        Add(TokenType.Name, _source.Substring(start, Position - start));
    }

    private void ReadNumber()
    {
        int start = Position;
        bool followsDot = _tokens[^1].Type == TokenType.Operator && _tokens[^1].Text == ".";
        SkipDigits();
        bool isFloat = !followsDot && Position + 1 < _source.Length && _source[Position] == '.' && IsDigit(Position + 1);
        if (isFloat)
        {
            Position++;
            SkipDigits();
        }
        int exponent = Position + 1 < _source.Length && _source[Position + 1] is '+' or '-' ? Position + 2 : Position + 1;
        if (!followsDot && Position < _source.Length && _source[Position] is 'e' or 'E' && IsDigit(exponent))
        {
            isFloat = true;
            Position = exponent;
            SkipDigits();
        }
        Add(isFloat ? TokenType.Float : TokenType.Integer, _source.Substring(start, Position - start).Replace("_", ""));
    }

    private bool IsDigit(int at) => at < _source.Length && _source[at] is >= '0' and <= '9';

    private void SkipDigits()
    {
        while (IsDigit(Position) || (Position < _source.Length && _source[Position] == '_' && IsDigit(Position + 1))) Position++;
    }

    private void ReadOperator()
    {
        foreach (string text in s_operators)
        {
            if (string.CompareOrdinal(_source, Position, text, 0, text.Length) != 0) continue;
            if (text is "(" or "[" or "{") _brackets++;
            if (text is ")" or "]" or "}" && --_brackets < 0) throw _error($"there is a \"{text}\" too many", Line);
            Add(TokenType.Operator, text);
            Position += text.Length;
            return;
        }
        throw _error($"there is no use for the character \"{(char.IsControl(_source[Position]) ? '?' : _source[Position])}\"", Line);
    }

    private void ReadString(char quote)
    {
        int startLine = Line;
        var text = new StringBuilder();
        for (Position++; Position < _source.Length && _source[Position] != quote; Position++)
        {
            char c = _source[Position];
            if (c == '\n') Line++;
            if (c == '\\' && Position + 1 < _source.Length) ReadEscape(text);
            else text.Append(c);
        }
        if (Position >= _source.Length) throw _error("a string has no end", startLine);
        Position++;
        Add(TokenType.String, text.ToString());
    }

    /// <summary>Reads an escape as Python does, up to its last character; what is none stays as it is.</summary>
    private void ReadEscape(StringBuilder text)
    {
        char c = _source[++Position];
        int simple = "\\'\"abfnrtv".IndexOf(c);
        if (simple >= 0) text.Append("\\'\"\a\b\f\n\r\t\v"[simple]);
        else if (c == '\n') Line++;
        else if (c is >= '0' and <= '7') ReadOctal(text);
        else if (c is 'x' or 'u' or 'U') ReadHexadecimal(text, c == 'x' ? 2 : c == 'u' ? 4 : 8);
        else text.Append('\\').Append(c);
    }

    private void ReadOctal(StringBuilder text)
    {
        int code = 0;
        int end = Math.Min(Position + 3, _source.Length);
        for (; Position < end && _source[Position] is >= '0' and <= '7'; Position++) code = (code * 8) + _source[Position] - '0';
        Position--;
        text.Append((char)code);
    }

    private void ReadHexadecimal(StringBuilder text, int digits)
    {
        bool isWhole = Position + digits < _source.Length;
        string number = isWhole ? _source.Substring(Position + 1, digits) : "";
        bool isNumber = int.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code);
        if (!isNumber || code is < 0 or > 0x10FFFF)
            throw _error("a string has a broken escape", Line);
        Position += digits;
        if (code > 0xFFFF) text.Append(char.ConvertFromUtf32(code));
        else text.Append((char)code);
    }
}
