using System;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Calls of the form value.name(...).</summary>
internal static class Methods
{
    internal static Value Call(TemplateRun run, Value target, string name, CallArguments arguments)
    {
        switch (target.Kind)
        {
            case ValueKind.Undefined: throw run.Fault($"\"{target.MissingName}\" is undefined");
            case ValueKind.Text: return TextMethods.Call(run, target.Text, name, arguments);
            case ValueKind.Loop: return target.Loop.Call(run, name, arguments);
            case ValueKind.Dictionary: return CallDictionary(run, target.Dictionary, name, arguments);
            case ValueKind.List when name is "index" or "count":
                return Find(run, target.List, name == "index", arguments.Require(run, 0, "value"));
            default: throw run.Unknown($"{name}() of {target.KindName}");
        }
    }

    /// <summary>The pairs of a dictionary.</summary>
    internal static Value Pairs(TemplateRun run, ValueDictionary dictionary)
    {
        run.Spend(TemplateRun.ObjectSteps * dictionary.Count);
        var pairs = new Value[dictionary.Count];
        for (int i = 0; i < pairs.Length; i++)
            pairs[i] = Value.Of(new[] { Value.Of(dictionary.Entries[i].Key), dictionary.Entries[i].Value });
        return Value.Of(pairs);
    }

    private static Value CallDictionary(TemplateRun run, ValueDictionary dictionary, string name, CallArguments arguments)
    {
        // What a namespace holds may be a macro; what a dictionary holds never hides its methods.
        if (!dictionary.IsNamespace && name is "items" or "keys" or "values" or "get")
        {
            if (name == "get")
                return dictionary.TryGet(arguments.RequireText(run, 0, "key").Chars, out Value found)
                    ? found
                    : arguments.Get(1, "default", Value.None);
            if (name == "items") return Pairs(run, dictionary);
            Value[] keys = Access.Items(run, Value.Of(dictionary));
            return Value.Of(name == "keys" ? keys : Array.ConvertAll(Pairs(run, dictionary).List, pair => pair.List[1]));
        }
        if (dictionary.TryGet(name, out Value value) && value.Kind == ValueKind.Function) return value.Function.Call(run, arguments);
        throw run.Unknown($"{name}() of {Value.Of(dictionary).KindName}");
    }

    private static Value Find(TemplateRun run, Value[] items, bool isFirst, Value wanted)
    {
        long count = 0;
        for (int i = 0; i < items.Length; i++)
        {
            run.Spend(1);
            if (!Operators.AreEqual(run, items[i], wanted)) continue;
            if (isFirst) return Value.Of((long)i);
            count++;
        }
        return isFirst ? throw run.Fault("a list does not hold what is looked for") : Value.Of(count);
    }
}
