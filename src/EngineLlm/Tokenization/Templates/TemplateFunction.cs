using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Something that a template can call.</summary>
internal sealed class TemplateFunction
{
    private readonly Func<TemplateRun, CallArguments, Value> _body;

    internal TemplateFunction(string name, Func<TemplateRun, CallArguments, Value> body)
    {
        Name = name;
        _body = body;
    }

    internal string Name { get; }

    internal Value Call(TemplateRun run, CallArguments arguments) => _body(run, arguments);
}

/// <summary>The arguments of one call.</summary>
internal sealed class CallArguments
{
    internal CallArguments(string callee, Value[] positional, KeyValuePair<string, Value>[] named)
    {
        Callee = callee;
        Positional = positional;
        Named = named;
    }

    /// <summary>What is called, for messages.</summary>
    internal string Callee { get; }

    internal Value[] Positional { get; }

    internal KeyValuePair<string, Value>[] Named { get; }

    internal static CallArguments NoneFor(string callee) => new(callee, Array.Empty<Value>(), Array.Empty<KeyValuePair<string, Value>>());

    /// <summary>The argument at a place or by a name.</summary>
    internal bool TryGet(int index, string name, out Value value)
    {
        if (index < Positional.Length)
        {
            value = Positional[index];
            return true;
        }
        foreach (KeyValuePair<string, Value> pair in Named)
        {
            if (pair.Key != name) continue;
            value = pair.Value;
            return true;
        }
        value = Value.Undefined(name);
        return false;
    }

    internal Value Get(int index, string name, Value fallback) => TryGet(index, name, out Value value) ? value : fallback;

    internal Value Require(TemplateRun run, int index, string name) =>
        TryGet(index, name, out Value value) ? value : throw run.Fault($"{Callee} needs the argument \"{name}\"");

    internal OriginText RequireText(TemplateRun run, int index, string name)
    {
        Value value = Require(run, index, name);
        return value.IsText ? value.Text : throw run.Fault($"{Callee} takes a string as \"{name}\", and got {value.KindName}");
    }

    internal long GetInteger(TemplateRun run, int index, string name, long fallback)
    {
        Value value = Get(index, name, Value.Of(fallback));
        if (value.IsNone) return fallback;
        return value.IsInteger
            ? value.Integer
            : throw run.Fault($"{Callee} takes an integer as \"{name}\", and got {value.KindName}");
    }

    /// <summary>All but the first positional arguments.</summary>
    internal CallArguments Skip(int count, string callee)
    {
        count = Math.Min(count, Positional.Length);
        return new CallArguments(callee, Positional.AsSpan(count).ToArray(), Named);
    }
}
