using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Values by name in the order of their arrival. Templates can change only those that they made as namespaces.</summary>
internal sealed class ValueDictionary
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<OriginText, Value>> _entries = new();

    internal ValueDictionary(bool isNamespace = false) => IsNamespace = isNamespace;

    internal bool IsNamespace { get; }

    /// <summary>Whether it is a message of the conversation.</summary>
    internal bool IsMessage { get; init; }

    internal int Count => _entries.Count;

    /// <summary>Keys and values, the first one first.</summary>
    internal IReadOnlyList<KeyValuePair<OriginText, Value>> Entries => _entries;

    internal bool Has(string key) => _index.ContainsKey(key);

    internal bool TryGet(string key, out Value value)
    {
        bool found = _index.TryGetValue(key, out int at);
        value = found ? _entries[at].Value : Value.Undefined(key);
        return found;
    }

    internal void Set(OriginText key, Value value)
    {
        if (_index.TryGetValue(key.Chars, out int at))
        {
            _entries[at] = new KeyValuePair<OriginText, Value>(_entries[at].Key, value);
            return;
        }
        _index.Add(key.Chars, _entries.Count);
        _entries.Add(new KeyValuePair<OriginText, Value>(key, value));
    }

    internal void Set(string key, Value value) => Set(OriginText.From(key, OriginText.Template), value);
}
