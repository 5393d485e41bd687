using System;
using System.Collections.Generic;
using System.Globalization;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Builds what expressions are made of: literals, names, and the attributes, calls, filters and tests that follow them.</summary>
internal sealed class OperandParser
{
    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;

    internal OperandParser(TokenStream tokens, ExpressionParser expressions)
    {
        _tokens = tokens;
        _expressions = expressions;
    }

    internal Expression ParseUnary(bool withFilters)
    {
        Expression operand;
        if (_tokens.IsOperator("-") || _tokens.IsOperator("+"))
        {
            _tokens.Enter();
            operand = new SignExpression(_tokens.Take().Text, ParseUnary(withFilters: false));
            _tokens.Leave();
        }
        else
        {
            operand = ParsePrimary();
        }
        operand = ParsePostfix(operand);
        return withFilters ? ParseFilters(operand) : operand;
    }

    /// <summary>The filters of a value, from the current | on.</summary>
    internal Expression ParseFilters(Expression operand)
    {
        while (true)
        {
            if (_tokens.SkipOperator("|")) operand = ParseFilter(operand);
            else if (_tokens.SkipName("is")) operand = ParseTest(operand);
            else if (_tokens.IsOperator("(")) operand = new CallExpression(operand, ParseArguments());
            else return operand;
        }
    }

    /// <summary>The filter whose | has been taken.</summary>
    internal Expression ParseFilter(Expression operand)
    {
        string name = ParseDottedName();
        return new FilterExpression(operand, name, _tokens.IsOperator("(") ? ParseArguments() : ArgumentList.Empty);
    }

    private Expression ParseTest(Expression operand)
    {
        bool isNegated = _tokens.SkipName("not");
        string name = ParseDottedName();
        Expression test = new TestExpression(operand, name, ParseTestArguments());
        return isNegated ? new LogicalExpression("not", test, null) : test;
    }

    /// <summary>A test's arguments; one alone needs no parentheses.</summary>
    private ArgumentList ParseTestArguments()
    {
        if (_tokens.IsOperator("(")) return ParseArguments();
        bool isName = _tokens.Is(TokenType.Name) && _tokens.Current.Text is not ("else" or "or" or "and" or "if" or "is" or "in" or "not");
        bool isLiteral = _tokens.Current.Type is TokenType.String or TokenType.Integer or TokenType.Float;
        bool isBare = isName || isLiteral || _tokens.IsOperator("[") || _tokens.IsOperator("{");
        if (!isBare) return ArgumentList.Empty;
        return new ArgumentList(new[] { ParsePostfix(ParsePrimary()) }, Array.Empty<KeyValuePair<string, Expression>>());
    }

    private string ParseDottedName()
    {
        string name = _tokens.Expect(TokenType.Name, "a name").Text;
        while (_tokens.SkipOperator(".")) name += "." + _tokens.Expect(TokenType.Name, "a name").Text;
        return name;
    }

    private Expression ParsePostfix(Expression operand)
    {
        while (true)
        {
            if (_tokens.SkipOperator(".")) operand = ParseAttribute(operand);
            else if (_tokens.SkipOperator("[")) operand = ParseSubscript(operand);
            else if (_tokens.IsOperator("(")) operand = new CallExpression(operand, ParseArguments());
            else return operand;
        }
    }

    private Expression ParseAttribute(Expression operand)
    {
        if (_tokens.Is(TokenType.Integer)) return new IndexExpression(operand, ParsePrimary());
        return new AttributeExpression(operand, _tokens.Expect(TokenType.Name, "a name").Text);
    }

    private Expression ParseSubscript(Expression operand)
    {
        Expression? start = _tokens.IsOperator(":") ? null : _expressions.Parse();
        if (start != null && _tokens.SkipOperator("]")) return new IndexExpression(operand, start);
        _tokens.ExpectOperator(":");
        Expression? stop = _tokens.IsOperator(":") || _tokens.IsOperator("]") ? null : _expressions.Parse();
        Expression? step = _tokens.SkipOperator(":") && !_tokens.IsOperator("]") ? _expressions.Parse() : null;
        _tokens.ExpectOperator("]");
        return new SliceExpression(operand, start, stop, step);
    }

    /// <summary>The arguments in parentheses from the current ( on.</summary>
    internal ArgumentList ParseArguments()
    {
        _tokens.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<KeyValuePair<string, Expression>>();
        while (!_tokens.SkipOperator(")"))
        {
            if (positional.Count + named.Count > 0) _tokens.ExpectOperator(",");
            if (_tokens.SkipOperator(")")) break;
            if (_tokens.Is(TokenType.Name) && _tokens.Following.Type == TokenType.Operator && _tokens.Following.Text == "=")
            {
                string name = _tokens.Take().Text;
                _tokens.Take();
                named.Add(new KeyValuePair<string, Expression>(name, _expressions.Parse()));
            }
            else if (named.Count == 0)
            {
                positional.Add(_expressions.Parse());
            }
            else
            {
                throw _tokens.Error("an argument without a name follows one with a name");
            }
        }
        return new ArgumentList(positional, named);
    }

    private Expression ParsePrimary()
    {
        TemplateToken token = _tokens.Take();
        switch (token.Type)
        {
            case TokenType.Name: return ParseName(token.Text);
            case TokenType.String: return ParseStrings(token.Text);
            case TokenType.Integer when long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long integer):
                return new LiteralExpression(Value.Of(integer));
            case TokenType.Float when double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number):
                return new LiteralExpression(Value.Of(number));
            case TokenType.Operator when token.Text == "(": return ParseParentheses();
            case TokenType.Operator when token.Text == "[": return new ListExpression(ParseItems("]"));
            case TokenType.Operator when token.Text == "{": return ParseDictionary();
            default: throw _tokens.Error($"\"{Models.Gguf.GgufParser.Printable(token.Text)}\" is no value");
        }
    }

    private static Expression ParseName(string name) => name switch
    {
        "true" or "True" => new LiteralExpression(Value.Of(true)),
        "false" or "False" => new LiteralExpression(Value.Of(false)),
        "none" or "None" => new LiteralExpression(Value.None),
        _ => new NameExpression(name),
    };

    private Expression ParseStrings(string text)
    {
        if (!_tokens.Is(TokenType.String)) return new LiteralExpression(Value.TemplateText(text));
        var whole = new System.Text.StringBuilder(text);
        while (_tokens.Is(TokenType.String)) whole.Append(_tokens.Take().Text);
        return new LiteralExpression(Value.TemplateText(whole.ToString()));
    }

    private Expression ParseParentheses()
    {
        if (_tokens.SkipOperator(")")) return new ListExpression(Array.Empty<Expression>());
        Expression inner = _expressions.ParseTuple();
        _tokens.ExpectOperator(")");
        return inner;
    }

    private List<Expression> ParseItems(string close)
    {
        var items = new List<Expression>();
        while (!_tokens.SkipOperator(close))
        {
            if (items.Count > 0) _tokens.ExpectOperator(",");
            if (_tokens.SkipOperator(close)) break;
            items.Add(_expressions.Parse());
        }
        return items;
    }

    private Expression ParseDictionary()
    {
        var entries = new List<KeyValuePair<Expression, Expression>>();
        while (!_tokens.SkipOperator("}"))
        {
            if (entries.Count > 0) _tokens.ExpectOperator(",");
            if (_tokens.SkipOperator("}")) break;
            Expression key = _expressions.Parse();
            _tokens.ExpectOperator(":");
            entries.Add(new KeyValuePair<Expression, Expression>(key, _expressions.Parse()));
        }
        return new DictionaryExpression(entries);
    }
}
