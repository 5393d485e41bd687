using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Builds statements out of tokens.</summary>
internal sealed class StatementParser
{
    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;
    private readonly OperandParser _operands;
    private int _loops;

    internal StatementParser(TokenStream tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
        _operands = new OperandParser(tokens, _expressions);
    }

    internal Statement ParseTemplate()
    {
        Statement body = ParseUntil();
        if (!_tokens.Is(TokenType.End)) throw _tokens.Error($"nothing is open that \"{_tokens.Shown}\" could end");
        return body;
    }

    /// <summary>
    /// Statements up to a block that begins with one of the names, whose mark and name are not taken; without names, up to the end.
    /// </summary>
    private Statement ParseUntil(params string[] ends)
    {
        _tokens.Enter();
        int line = _tokens.Current.Line;
        var statements = new List<Statement>();
        while (!_tokens.Is(TokenType.End))
        {
            TemplateToken token = _tokens.Take();
            if (token.Type == TokenType.Data)
            {
                statements.Add(new TextStatement(OriginText.From(token.Text, OriginText.Template)) { Line = token.Line });
            }
            else if (token.Type == TokenType.BeginOutput)
            {
                Expression value = _expressions.ParseTuple();
                _tokens.Expect(TokenType.EndOutput, "the end of an output");
                statements.Add(new OutputStatement(value) { Line = token.Line });
            }
            else
            {
                if (_tokens.Is(TokenType.Name) && Array.IndexOf(ends, _tokens.Current.Text) >= 0) break;
                if (ParseBlock(token.Line) is { } block) statements.Add(block);
            }
        }
        if (_tokens.Is(TokenType.End) && ends.Length > 0) throw _tokens.Error($"\"{ends[^1]}\" is missing");
        _tokens.Leave();
        return new Sequence(statements) { Line = line };
    }

    private Statement? ParseBlock(int line)
    {
        TemplateToken name = _tokens.Expect(TokenType.Name, "a block's name");
        switch (name.Text)
        {
            case "if": return ParseIf(line);
            case "for": return ParseFor(line);
            case "set": return ParseSet(line);
            case "macro": return ParseMacro(line);
            case "with": return ParseWith(line);
            case "filter": return ParseFilter(line);
            case "break" or "continue": return ParseJump(name.Text, line);
            // Marks what a model says, for training; it writes nothing.
            case "generation": return ParseBody("endgeneration");
            default: throw _tokens.Error($"the block \"{Models.Gguf.GgufParser.Printable(name.Text)}\" is not known here");
        }
    }

    private void EndBlock() => _tokens.Expect(TokenType.EndBlock, "the end of a block");

    /// <summary>The statements of a block, and the block that ends it.</summary>
    private Statement ParseBody(string end)
    {
        EndBlock();
        Statement body = ParseUntil(end);
        _tokens.Take();
        EndBlock();
        return body;
    }

    private IfStatement ParseIf(int line)
    {
        var branches = new List<KeyValuePair<Expression, Statement>>();
        Statement? otherwise = null;
        string next = "elif";
        while (next == "elif")
        {
            Expression condition = _expressions.ParseTuple();
            EndBlock();
            branches.Add(new KeyValuePair<Expression, Statement>(condition, ParseUntil("elif", "else", "endif")));
            next = _tokens.Take().Text;
        }
        if (next == "else") otherwise = ParseBody("endif");
        else EndBlock();
        return new IfStatement(branches, otherwise) { Line = line };
    }

    private ForStatement ParseFor(int line)
    {
        Target target = ParseTarget(withEntry: false);
        _tokens.ExpectName("in");
        Expression items = _expressions.ParseTuple(withConditional: false);
        Expression? condition = _tokens.SkipName("if") ? _expressions.Parse() : null;
        if (_tokens.IsName("recursive")) throw _tokens.Error("loops that call themselves (\"recursive\") are not known here");
        EndBlock();
        _loops++;
        Statement body = ParseUntil("else", "endfor");
        _loops--;
        Statement? otherwise = null;
        if (_tokens.Take().Text == "else") otherwise = ParseBody("endfor");
        else EndBlock();
        return new ForStatement(target, items, condition, body, otherwise) { Line = line };
    }

    private Statement ParseSet(int line)
    {
        Target target = ParseTarget(withEntry: true);
        if (_tokens.SkipOperator("="))
        {
            Expression value = _expressions.ParseTuple();
            EndBlock();
            return new SetStatement(target, value) { Line = line };
        }
        (CapturedExpression captured, Expression filtered) = ParseCaptured("endset", isFilter: false);
        return new SetBlockStatement(target, captured, filtered) { Line = line };
    }

    private FilterStatement ParseFilter(int line)
    {
        (CapturedExpression captured, Expression filtered) = ParseCaptured("endfilter", isFilter: true);
        return new FilterStatement(captured, filtered) { Line = line };
    }

    /// <summary>A block whose output goes through the filters that its first mark names.</summary>
    private (CapturedExpression Captured, Expression Filtered) ParseCaptured(string end, bool isFilter)
    {
        var body = new LateStatement();
        var captured = new CapturedExpression(body);
        Expression filtered = isFilter ? _operands.ParseFilter(captured) : captured;
        filtered = _operands.ParseFilters(filtered);
        // A jump out of it would leave its output behind.
        (int loops, _loops) = (_loops, 0);
        body.Body = ParseBody(end);
        _loops = loops;
        return (captured, filtered);
    }

    private MacroStatement ParseMacro(int line)
    {
        string name = _tokens.Expect(TokenType.Name, "a macro's name").Text;
        var parameters = new List<KeyValuePair<string, Expression?>>();
        _tokens.ExpectOperator("(");
        while (!_tokens.SkipOperator(")"))
        {
            if (parameters.Count > 0) _tokens.ExpectOperator(",");
            if (_tokens.SkipOperator(")")) break;
            string parameter = _tokens.Expect(TokenType.Name, "a parameter's name").Text;
            parameters.Add(new KeyValuePair<string, Expression?>(parameter, _tokens.SkipOperator("=") ? _expressions.Parse() : null));
        }
        (int loops, _loops) = (_loops, 0);
        Statement body = ParseBody("endmacro");
        _loops = loops;
        return new MacroStatement(name, parameters, body) { Line = line };
    }

    private WithStatement ParseWith(int line)
    {
        var variables = new List<KeyValuePair<Target, Expression>>();
        while (!_tokens.Is(TokenType.EndBlock))
        {
            if (variables.Count > 0) _tokens.ExpectOperator(",");
            Target target = ParseTarget(withEntry: false, withTuple: false);
            _tokens.ExpectOperator("=");
            variables.Add(new KeyValuePair<Target, Expression>(target, _expressions.Parse()));
        }
        return new WithStatement(variables, ParseBody("endwith")) { Line = line };
    }

    private JumpStatement ParseJump(string name, int line)
    {
        if (_loops == 0) throw _tokens.Error($"\"{name}\" stands outside of a loop");
        EndBlock();
        return new JumpStatement(name == "break" ? Flow.Break : Flow.Continue) { Line = line };
    }

    private Target ParseTarget(bool withEntry, bool withTuple = true)
    {
        bool isParenthesized = withTuple && _tokens.SkipOperator("(");
        var names = new List<string> { _tokens.Expect(TokenType.Name, "a variable's name").Text };
        if (withEntry && _tokens.SkipOperator(".")) return new Target(names, _tokens.Expect(TokenType.Name, "a name").Text, isTuple: false);
        bool isTuple = false;
        while (withTuple && _tokens.SkipOperator(","))
        {
            isTuple = true;
            if (_tokens.Is(TokenType.Name)) names.Add(_tokens.Take().Text);
        }
        if (isParenthesized) _tokens.ExpectOperator(")");
        return new Target(names, null, isTuple);
    }

    /// <summary>A body that is read after what refers to it.</summary>
    private sealed class LateStatement : Statement
    {
        internal Statement? Body { get; set; }

        protected override Flow Execute(TemplateRun run) => Body!.Run(run);
    }
}
