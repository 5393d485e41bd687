using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>The functions that every chat template may call.</summary>
internal static class Globals
{
    private static readonly TemplateFunction[] s_functions =
    {
        new("raise_exception", (run, arguments) => throw run.Refusal(OneLine(Printing.ToText(run, arguments.Require(run, 0, "message")).Chars))),
        new("strftime_now", (run, arguments) => Value.TemplateText(DateText.Format(run, run.Now, arguments.RequireText(run, 0, "format").Chars))),
        new("range", Range),
        new("namespace", (run, arguments) => Value.Of(Fill(run, new ValueDictionary(isNamespace: true), arguments))),
        new("dict", (run, arguments) => Value.Of(Fill(run, new ValueDictionary(), arguments))),
    };

    internal static void AddTo(Scope scope)
    {
        foreach (TemplateFunction function in s_functions) scope.Set(function.Name, Value.Of(function));
    }

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

    /// <summary>A stranger's message, made fit to be shown.</summary>
    private static string OneLine(string message)
    {
        string cut = message.Length > 300 ? message.Substring(0, 300) + "..." : message;
        return string.Concat(Array.ConvertAll(cut.ToCharArray(), c => char.IsControl(c) ? " " : c.ToString()));
    }
}
