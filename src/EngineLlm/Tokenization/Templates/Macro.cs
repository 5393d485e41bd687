using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>macro name(parameters): a function written in the template; its value is what it writes.</summary>
internal sealed class MacroStatement(string name, IReadOnlyList<KeyValuePair<string, Expression?>> parameters, Statement body) : Statement
{
    protected override Flow Execute(TemplateRun run)
    {
        Scope home = run.Scope;
        run.Scope.Set(name, Value.Of(new TemplateFunction(name, (caller, arguments) => Call(caller, home, arguments))));
        return Flow.Next;
    }

    private Value Call(TemplateRun run, Scope home, CallArguments arguments)
    {
        if (arguments.Positional.Length > parameters.Count)
            throw run.Fault($"{name}() takes {parameters.Count} arguments, and got {arguments.Positional.Length}");
        (Scope outer, int line) = (run.Scope, run.Line);
        run.Open(home);
        for (int i = 0; i < parameters.Count; i++)
        {
            bool isGiven = arguments.TryGet(i, parameters[i].Key, out Value value);
            run.Scope.Set(parameters[i].Key, isGiven ? value : parameters[i].Value?.Evaluate(run) ?? Value.Undefined(parameters[i].Key));
        }
        OriginText text = run.Capture(body);
        (run.Scope, run.Line) = (outer, line);
        return Value.Of(text);
    }
}
