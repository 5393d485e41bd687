using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>What a value is given to: a variable, several of them, or an entry of a namespace.</summary>
internal sealed class Target
{
    private readonly IReadOnlyList<string> _names;
    private readonly string? _entry;
    private readonly bool _isTuple;

    /// <param name="names">The variables; with an entry, the namespace.</param>
    /// <param name="entry">The namespace's entry, or null.</param>
    /// <param name="isTuple">Whether a list's items are given to the names.</param>
    internal Target(IReadOnlyList<string> names, string? entry, bool isTuple)
    {
        _names = names;
        _entry = entry;
        _isTuple = isTuple;
    }

    internal void Assign(TemplateRun run, Value value)
    {
        if (_entry != null)
        {
            Value holder = run.Scope.Get(_names[0]);
            if (holder.Kind != ValueKind.Dictionary || !holder.Dictionary.IsNamespace) throw run.Fault($"\"{_names[0]}\" is no namespace");
            run.Spend(1);
            holder.Dictionary.Set(_entry, value);
            return;
        }
        if (!_isTuple)
        {
            run.Scope.Set(_names[0], value);
            return;
        }
        Value[] items = Access.Items(run, value);
        if (items.Length != _names.Count) throw run.Fault($"{items.Length} values are given to {_names.Count} variables");
        for (int i = 0; i < items.Length; i++) run.Scope.Set(_names[i], items[i]);
    }
}
