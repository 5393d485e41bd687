using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>The functions that every chat template may call.</summary>
internal static class Globals
{
    private static readonly TemplateFunction[] s_functions =
    {
        new("raise_exception", (run, arguments) => throw Refusal(run, arguments)),
        new("strftime_now", Date),
        new("range", Range),
        new("namespace", (run, arguments) => Value.Of(Fill(run, new ValueDictionary(isNamespace: true), arguments))),
        new("dict", (run, arguments) => Value.Of(Fill(run, new ValueDictionary(), arguments))),
    };

    internal static void AddTo(Scope scope)
    {
        foreach (TemplateFunction function in s_functions) scope.Set(function.Name, Value.Of(function));
    }

    private static EngineLlmException Refusal(TemplateRun run, CallArguments arguments) =>
        run.Refusal(Printing.ToText(run, arguments.Require(run, 0, "message")).Chars);

    private static Value Range(TemplateRun run, CallArguments arguments)
    {
        bool hasStart = arguments.Positional.Length > 1;
        long start = hasStart ? arguments.GetInteger(run, 0, "start", 0) : 0;
        long stop = arguments.GetInteger(run, hasStart ? 1 : 0, "stop", 0);
        long step = arguments.GetInteger(run, 2, "step", 1);
        if (step == 0) throw run.Fault("range() is to go in steps of zero");
        var numbers = new List<Value>();
        for (long at = start; step > 0 ? at < stop : at > stop;)
        {
            run.Spend(TemplateRun.ItemSteps);
            numbers.Add(Value.Of(at));
            long next = unchecked(at + step);
            if (step > 0 ? next < at : next > at) break;
            at = next;
        }
        return Value.Of(numbers.ToArray());
    }

    private static ValueDictionary Fill(TemplateRun run, ValueDictionary dictionary, CallArguments arguments)
    {
        run.Spend(TemplateRun.ObjectSteps * (1 + arguments.Named.Length));
        foreach (Value given in arguments.Positional)
        {
            if (given.Kind != ValueKind.Dictionary) throw run.Fault($"{arguments.Callee} takes a dictionary, and got {given.KindName}");
            run.Spend(TemplateRun.ObjectSteps * given.Dictionary.Count);
            foreach (KeyValuePair<OriginText, Value> entry in given.Dictionary.Entries) dictionary.Set(entry.Key, entry.Value);
        }
        foreach (KeyValuePair<string, Value> pair in arguments.Named) dictionary.Set(pair.Key, pair.Value);
        return dictionary;
    }

    /// <summary>The date in a format; words of a message in the format are still that message's.</summary>
    private static Value Date(TemplateRun run, CallArguments arguments)
    {
        OriginText format = arguments.RequireText(run, 0, "format");
        int origin = OriginText.Template;
        foreach (OriginRun part in format.Runs) origin = Math.Max(origin, part.Origin);
        return Value.Of(OriginText.From(DateText.Format(run, run.Now, format.Chars), origin));
    }
}
