using System.Collections.Generic;

namespace EngineLlm.Models.Gguf;

/// <summary>A GGUF's key-value pairs, with readers that check kind and range. Errors name the file, the key and what was expected.</summary>
internal sealed class GgufMetadata
{
    private readonly GgufFile _file;
    private readonly Dictionary<string, GgufValue> _values = new();

    internal GgufMetadata(GgufFile file) => _file = file;

    /// <summary>All pairs.</summary>
    internal IReadOnlyDictionary<string, GgufValue> Values => _values;

    internal bool TryAdd(string key, GgufValue value) => _values.TryAdd(key, value);

    /// <summary>Whether the key is there.</summary>
    internal bool Has(string key) => _values.ContainsKey(key);

    /// <summary>The value, if the key is there.</summary>
    internal bool TryGet(string key, out GgufValue value) => _values.TryGetValue(key, out value);

    /// <summary>A string, or the default where the key is absent.</summary>
    internal string? String(string key, string? fallback = null)
    {
        if (!_values.TryGetValue(key, out GgufValue value)) return fallback;
        return value.TryGetString(out string text) ? text : throw Wrong(key, "a string", value);
    }

    /// <summary>A boolean, or the default where the key is absent.</summary>
    internal bool Bool(string key, bool fallback)
    {
        if (!_values.TryGetValue(key, out GgufValue value)) return fallback;
        return value.TryGetBool(out bool result) ? result : throw Wrong(key, "a boolean", value);
    }

    /// <summary>An integer within [min, max], or the default where the key is absent; a default of null makes the key required.</summary>
    internal int Integer(string key, int min, int max, int? fallback = null)
    {
        if (!_values.TryGetValue(key, out GgufValue value)) return fallback ?? throw Missing(key);
        if (!value.TryGetInteger(out long result)) throw Wrong(key, "an integer", value);
        if (result < min || result > max) throw _file.Damaged($"{key} is {result}, where {min} to {max} are allowed");
        return (int)result;
    }

    /// <summary>A finite number within [min, max], or the default where the key is absent; a default of null makes the key required.</summary>
    internal float Number(string key, double min, double max, float? fallback = null)
    {
        if (!_values.TryGetValue(key, out GgufValue value)) return fallback ?? throw Missing(key);
        if (!value.TryGetNumber(out double result)) throw Wrong(key, "a number", value);
        if (!(result >= min && result <= max)) throw _file.Damaged($"{key} is {result:R}, where {min:R} to {max:R} are allowed");
        return (float)result;
    }

    private ModelFormatException Missing(string key) =>
        new($"{_file.FileName}: the metadata has no {key}; convert the model again with a current converter.");

    private ModelFormatException Wrong(string key, string expected, GgufValue value) =>
        _file.Damaged($"{key} should be {expected}, but is of type {value.Kind}");
}
