using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>
/// Looks into values: attributes, items, slices, and what a loop goes through. What is not there is undefined, not an error.
/// </summary>
internal static class Access
{
    internal static Value Attribute(TemplateRun run, Value target, string name)
    {
        switch (target.Kind)
        {
            case ValueKind.Undefined: throw run.Fault($"\"{target.MissingName}\" is undefined");
            case ValueKind.Dictionary:
                target.Dictionary.TryGet(name, out Value value);
                return value;
            case ValueKind.Loop: return target.Loop.Get(name);
            default: return Value.Undefined(name);
        }
    }

    internal static Value Item(TemplateRun run, Value target, Value index)
    {
        if (target.Kind == ValueKind.Undefined) throw run.Fault($"\"{target.MissingName}\" is undefined");
        if (index.IsText) return Attribute(run, target, index.Text.Chars);
        if (!index.IsInteger || target.Kind is not (ValueKind.List or ValueKind.Text)) return Value.Undefined("an item");
        if (target.IsText && HasSurrogates(run, target.Text)) target = Value.Of(Items(run, target));
        int length = target.IsText ? target.Text.Length : target.List.Length;
        long at = index.Integer < 0 ? index.Integer + length : index.Integer;
        if (at < 0 || at >= length) return Value.Undefined("an item out of range");
        return target.IsText ? Value.Of(target.Text.Slice((int)at, 1)) : target.List[at];
    }

    /// <summary>Part of a list or text, with Python's rules for bounds that are negative, missing or out of range.</summary>
    internal static Value Slice(TemplateRun run, Value target, long? start, long? stop, long? step)
    {
        if (target.Kind == ValueKind.Undefined) throw run.Fault($"\"{target.MissingName}\" is undefined");
        if (target.Kind is not (ValueKind.List or ValueKind.Text)) throw run.Fault($"{target.KindName} cannot be sliced");
        long stride = step ?? 1;
        if (stride == 0) throw run.Fault("a slice's step is zero");
        bool isPlainText = target.IsText && stride == 1 && !HasSurrogates(run, target.Text);
        Value[] items = isPlainText ? Array.Empty<Value>() : Items(run, target);
        int length = isPlainText ? target.Text.Length : items.Length;
        long from = Bound(start, length, stride, stride > 0 ? 0 : length - 1);
        long to = Bound(stop, length, stride, stride > 0 ? length : -1);
        if (isPlainText) return Value.Of(target.Text.Slice((int)from, (int)Math.Max(0, to - from)));
        var chosen = new List<Value>();
        for (long at = from; stride > 0 ? at < to : at > to;)
        {
            run.Spend(TemplateRun.ItemSteps);
            chosen.Add(items[at]);
            // The step may be as large as a number can be.
            if (stride > 0 ? stride >= to - at : stride <= to - at) break;
            at += stride;
        }
        return target.IsText ? Value.Of(Join(run, chosen)) : Value.Of(chosen.ToArray());
    }

    /// <summary>What a loop over the value goes through: items, characters, or keys.</summary>
    internal static Value[] Items(TemplateRun run, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Undefined: return Array.Empty<Value>();
            case ValueKind.List: return value.List;
            case ValueKind.Text: return Characters(run, value.Text);
            case ValueKind.Dictionary when !value.Dictionary.IsNamespace:
                run.Spend(value.Dictionary.Count);
                var keys = new Value[value.Dictionary.Count];
                for (int i = 0; i < keys.Length; i++) keys[i] = Value.Of(value.Dictionary.Entries[i].Key);
                return keys;
            default: throw run.Fault($"{value.KindName} has no items");
        }
    }

    /// <summary>Number of items, or of characters (not of UTF-16 units).</summary>
    internal static long Length(TemplateRun run, Value value)
    {
        if (!value.IsText) return Items(run, value).Length;
        run.Spend(value.Text.Length / 8);
        long length = value.Text.Length;
        string chars = value.Text.Chars;
        for (int i = 1; i < chars.Length; i++)
        {
            if (char.IsSurrogatePair(chars[i - 1], chars[i])) length--;
        }
        return length;
    }

    private static Value[] Characters(TemplateRun run, OriginText text)
    {
        run.Spend(2 * TemplateRun.ItemSteps * text.Length);
        var characters = new List<Value>(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int length = at + 1 < text.Length && char.IsSurrogatePair(text.Chars[at], text.Chars[at + 1]) ? 2 : 1;
            characters.Add(Value.Of(text.Slice(at, length)));
            at += length;
        }
        return characters.ToArray();
    }

    private static bool HasSurrogates(TemplateRun run, OriginText text)
    {
        run.Spend(text.Length / 8);
        foreach (char c in text.Chars)
        {
            if (char.IsSurrogate(c)) return true;
        }
        return false;
    }

    private static OriginText Join(TemplateRun run, List<Value> characters)
    {
        var text = new OriginTextBuilder(run);
        foreach (Value character in characters) text.Append(character.Text);
        return text.ToText();
    }

    private static long Bound(long? given, int length, long stride, long missing)
    {
        if (given is not { } bound) return missing;
        if (bound < 0) bound += length;
        long lowest = stride > 0 ? 0 : -1;
        long highest = stride > 0 ? length : length - 1;
        return Math.Max(lowest, Math.Min(highest, bound));
    }
}
