using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>
/// Cuts a template into tokens, with the white space rules that chat templates are written for: the line break after a block goes
/// (trim_blocks), and so do the blanks between a line's beginning and a block (lstrip_blocks).
/// </summary>
internal sealed class TemplateLexer
{
    private readonly string _source;
    private readonly Func<string, int, Exception> _error;
    private readonly List<TemplateToken> _tokens = new();
    private int _at;
    private int _line = 1;
    private bool _startsLine = true;

    private TemplateLexer(string source, Func<string, int, Exception> error)
    {
        _source = source;
        _error = error;
    }

    /// <summary>The tokens of a source, ended by one of the type End.</summary>
    /// <param name="source">The template.</param>
    /// <param name="error">Makes the error to throw, from what is wrong and the line.</param>
    internal static List<TemplateToken> Tokenize(string source, Func<string, int, Exception> error)
    {
        source = source.Replace("\r\n", "\n").Replace('\r', '\n');
        if (source.EndsWith('\n')) source = source.Substring(0, source.Length - 1);
        var lexer = new TemplateLexer(source, error);
        lexer.Run();
        return lexer._tokens;
    }

    private void Run()
    {
        while (_at < _source.Length)
        {
            int mark = FindMark(_at);
            if (mark < 0)
            {
                AddData(_source.Substring(_at));
                _at = _source.Length;
                break;
            }
            char sign = mark + 2 < _source.Length ? _source[mark + 2] : '\0';
            char kind = _source[mark + 1];
            AddData(BeforeMark(_source.Substring(_at, mark - _at), kind, sign));
            Advance(mark + (sign is '-' or '+' ? 3 : 2));
            if (kind == '#') SkipComment();
            else if (kind == '{') ReadExpression(TokenType.BeginOutput, TokenType.EndOutput, '}');
            else if (!TryReadRaw()) ReadExpression(TokenType.BeginBlock, TokenType.EndBlock, '%');
        }
        _tokens.Add(new TemplateToken(TokenType.End, "the end", _line));
    }

    private int FindMark(int from)
    {
        for (int at = from; (at = _source.IndexOf('{', at)) >= 0; at++)
        {
            if (at + 1 < _source.Length && _source[at + 1] is '{' or '%' or '#') return at;
        }
        return -1;
    }

    /// <summary>What is left of the text before a mark.</summary>
    private string BeforeMark(string data, char kind, char sign)
    {
        if (sign == '-') return data.TrimEnd();
        if (sign == '+' || kind == '{') return data;
        int lineStart = data.LastIndexOf('\n') + 1;
        bool isBlank = string.IsNullOrWhiteSpace(data.Substring(lineStart));
        return isBlank && (lineStart > 0 || _startsLine) ? data.Substring(0, lineStart) : data;
    }

    private void AddData(string data)
    {
        if (data.Length > 0) _tokens.Add(new TemplateToken(TokenType.Data, data, _line));
    }

    private void ReadExpression(TokenType begin, TokenType end, char close)
    {
        int start = _line;
        _tokens.Add(new TemplateToken(begin, "{", start));
        var expression = new ExpressionLexer(_source, _at, _line, close, _error, _tokens);
        expression.Run();
        _line = expression.Line;
        _tokens.Add(new TemplateToken(end, close + "}", _line));
        // The sign before the closing mark, if any, was left to be read here.
        FinishMark(expression.Position, close);
    }

    /// <summary>Goes past a closing mark and the white space that it takes along.</summary>
    private void FinishMark(int at, char close)
    {
        char sign = _source[at];
        if (sign is '-' or '+') at++;
        at += 2;
        if (sign == '-')
        {
            while (at < _source.Length && char.IsWhiteSpace(_source[at])) at++;
        }
        else if (sign != '+' && close != '}' && at < _source.Length && _source[at] == '\n')
        {
            at++;
        }
        Advance(at);
        _startsLine = _source[at - 1] == '\n';
    }

    private void SkipComment()
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw _error("a comment has no end", _line);
        bool hasSign = end > _at && _source[end - 1] is '-' or '+';
        FinishMark(hasSign ? end - 1 : end, '#');
    }

    /// <summary>Reads {% raw %}, whose contents are text whatever they look like.</summary>
    private bool TryReadRaw()
    {
        int at = SkipBlanks(_at);
        if (!IsWord(at, "raw") || !IsClose(SkipBlanks(at + 3))) return false;
        FinishMark(SkipBlanks(at + 3), '%');
        for (int mark = _at; (mark = _source.IndexOf("{%", mark, StringComparison.Ordinal)) >= 0; mark += 2)
        {
            char sign = mark + 2 < _source.Length ? _source[mark + 2] : '\0';
            int word = SkipBlanks(mark + (sign is '-' or '+' ? 3 : 2));
            if (!IsWord(word, "endraw") || !IsClose(SkipBlanks(word + 6))) continue;
            AddData(BeforeMark(_source.Substring(_at, mark - _at), '%', sign));
            FinishMark(SkipBlanks(word + 6), '%');
            return true;
        }
        throw _error("a raw block has no end", _line);
    }

    private bool IsWord(int at, string word) => string.CompareOrdinal(_source, at, word, 0, word.Length) == 0;

    private bool IsClose(int at) => IsWord(at, "%}") || IsWord(at, "-%}") || IsWord(at, "+%}");

    private int SkipBlanks(int at)
    {
        while (at < _source.Length && char.IsWhiteSpace(_source[at])) at++;
        return at;
    }

    private void Advance(int to)
    {
        for (; _at < to; _at++)
        {
            if (_source[_at] == '\n') _line++;
        }
    }
}
