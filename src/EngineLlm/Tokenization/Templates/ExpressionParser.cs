using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Builds expressions out of tokens: Jinja's grammar, from the weakest binding down to comparisons and arithmetic.</summary>
internal sealed class ExpressionParser
{
    private readonly TokenStream _tokens;
    private readonly OperandParser _operands;

    internal ExpressionParser(TokenStream tokens)
    {
        _tokens = tokens;
        _operands = new OperandParser(tokens, this);
    }

    /// <summary>One expression, or several with commas between them, which make a list.</summary>
    internal Expression ParseTuple(bool withConditional = true)
    {
        Expression first = withConditional ? Parse() : ParseOr();
        if (!_tokens.IsOperator(",")) return first;
        var items = new List<Expression> { first };
        while (_tokens.SkipOperator(",") && BeginsOperand()) items.Add(withConditional ? Parse() : ParseOr());
        return new ListExpression(items);
    }

    internal Expression Parse()
    {
        _tokens.Enter();
        Expression value = ParseOr();
        while (_tokens.SkipName("if"))
        {
            Expression condition = ParseOr();
            Expression? otherwise = _tokens.SkipName("else") ? Parse() : null;
            value = new ConditionalExpression(condition, value, otherwise);
        }
        _tokens.Leave();
        return value;
    }

    internal Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (_tokens.SkipName("or")) left = new LogicalExpression("or", left, ParseAnd());
        return left;
    }

    private bool BeginsOperand() => _tokens.Current.Type is TokenType.Name or TokenType.String or TokenType.Integer or TokenType.Float
        || (_tokens.Is(TokenType.Operator) && _tokens.Current.Text is "(" or "[" or "{" or "-" or "+");

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (_tokens.SkipName("and")) left = new LogicalExpression("and", left, ParseNot());
        return left;
    }

    private Expression ParseNot()
    {
        if (!_tokens.SkipName("not")) return ParseComparison();
        _tokens.Enter();
        var result = new LogicalExpression("not", ParseNot(), null);
        _tokens.Leave();
        return result;
    }

    private Expression ParseComparison()
    {
        Expression first = ParseSum();
        var others = new List<KeyValuePair<string, Expression>>();
        while (TakeComparison() is { } symbol) others.Add(new KeyValuePair<string, Expression>(symbol, ParseSum()));
        return others.Count == 0 ? first : new ComparisonExpression(first, others);
    }

    private string? TakeComparison()
    {
        if (_tokens.SkipName("in")) return "in";
        if (_tokens.IsName("not") && _tokens.Following.Type == TokenType.Name && _tokens.Following.Text == "in")
        {
            _tokens.Take();
            _tokens.Take();
            return "not in";
        }
        bool isComparison = _tokens.Is(TokenType.Operator) && _tokens.Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=";
        return isComparison ? _tokens.Take().Text : null;
    }

    private Expression ParseSum()
    {
        Expression left = ParseConcatenation();
        while (_tokens.IsOperator("+") || _tokens.IsOperator("-"))
            left = new BinaryExpression(_tokens.Take().Text, left, ParseConcatenation());
        return left;
    }

    private Expression ParseConcatenation()
    {
        Expression first = ParseProduct();
        if (!_tokens.IsOperator("~")) return first;
        var parts = new List<Expression> { first };
        while (_tokens.SkipOperator("~")) parts.Add(ParseProduct());
        return new ConcatenationExpression(parts);
    }

    private Expression ParseProduct()
    {
        Expression left = ParsePower();
        while (_tokens.Is(TokenType.Operator) && _tokens.Current.Text is "*" or "/" or "//" or "%")
            left = new BinaryExpression(_tokens.Take().Text, left, ParsePower());
        return left;
    }

    private Expression ParsePower()
    {
        Expression left = _operands.ParseUnary(withFilters: true);
        while (_tokens.SkipOperator("**")) left = new BinaryExpression("**", left, _operands.ParseUnary(withFilters: true));
        return left;
    }
}
