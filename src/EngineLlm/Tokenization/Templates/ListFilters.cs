using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EngineLlm.Tokenization.Templates;

/// <summary>The filters that take lists, or what can be gone through like one.</summary>
internal static class ListFilters
{
    internal static Value Apply(TemplateRun run, string name, Value value, CallArguments arguments)
    {
        switch (name)
        {
            case "join": return Value.Of(TextMethods.Join(run, Attributes(run, value, arguments, 1), Separator(run, arguments)));
            case "first":
                return Access.Items(run, value) is { Length: > 0 } items ? items[0] : Value.Undefined("the first item of nothing");
            case "last":
                return Access.Items(run, value) is { Length: > 0 } items2 ? items2[^1] : Value.Undefined("the last item of nothing");
            case "list": return Value.Of(Access.Items(run, value));
            case "reverse": return Access.Slice(run, value, null, null, -1);
            case "sum":
                Value start = arguments.Get(1, "start", Value.Of(0L));
                return Attributes(run, value, arguments, 0).Aggregate(start, (sum, item) => Operators.Apply(run, "+", sum, item));
            case "min" or "max": return Extreme(run, Access.Items(run, value), name == "min");
            case "unique": return Value.Of(Unique(run, Access.Items(run, value)));
            case "sort": return Value.Of(Sort(run, value, arguments));
            case "dictsort" when value.Kind == ValueKind.Dictionary:
                return Value.Of(SortBy(run, Methods.Pairs(run, value.Dictionary).List, pair => pair.List[0], false));
            case "map": return Value.Of(Map(run, value, arguments));
            case "select" or "reject": return Value.Of(Select(run, Access.Items(run, value), item => item, arguments, 0, name == "select"));
            case "selectattr" or "rejectattr":
                string path = arguments.RequireText(run, 0, "attribute").Chars;
                return Value.Of(Select(run, Access.Items(run, value), item => Follow(run, item, path), arguments, 1, name == "selectattr"));
            default: throw run.Unknown($"the filter \"{name}\"");
        }
    }

    private static OriginText Separator(TemplateRun run, CallArguments arguments) =>
        Printing.ToText(run, arguments.Get(0, "d", Value.EmptyText));

    /// <summary>The items, or the attribute of each that an argument names.</summary>
    private static Value[] Attributes(TemplateRun run, Value value, CallArguments arguments, int index)
    {
        Value[] items = Access.Items(run, value);
        if (!arguments.TryGet(index, "attribute", out Value attribute) || attribute.IsNone) return items;
        string path = arguments.RequireText(run, index, "attribute").Chars;
        return Array.ConvertAll(items, item => Follow(run, item, path));
    }

    /// <summary>The attribute of an attribute, as in "function.name"; numbers are places in a list.</summary>
    private static Value Follow(TemplateRun run, Value item, string path)
    {
        foreach (string name in path.Split('.'))
        {
            run.Spend(1);
            bool isIndex = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long index);
            item = isIndex ? Access.Item(run, item, Value.Of(index)) : Access.Attribute(run, item, name);
        }
        return item;
    }

    private static Value[] Map(TemplateRun run, Value value, CallArguments arguments)
    {
        Value[] items = Access.Items(run, value);
        run.Spend(items.Length);
        if (arguments.Positional.Length == 0)
        {
            string path = arguments.RequireText(run, 0, "attribute").Chars;
            Value fallback = arguments.Get(1, "default", Value.Undefined(path));
            return Array.ConvertAll(items, item => Follow(run, item, path) is { IsUndefined: false } found ? found : fallback);
        }
        string filter = arguments.RequireText(run, 0, "filter").Chars;
        CallArguments others = arguments.Skip(1, filter);
        run.Enter();
        Value[] mapped = Array.ConvertAll(items, item => Filters.Apply(run, filter, item, others));
        run.Leave();
        return mapped;
    }

    private static Value[] Select(TemplateRun run, Value[] items, Func<Value, Value> look, CallArguments arguments, int index, bool wanted)
    {
        bool hasTest = arguments.Positional.Length > index;
        string test = hasTest ? arguments.RequireText(run, index, "test").Chars : "";
        CallArguments others = arguments.Skip(index + 1, test);
        var chosen = new List<Value>();
        foreach (Value item in items)
        {
            run.Spend(1);
            Value seen = look(item);
            if ((hasTest ? Tests.Check(run, test, seen, others) : seen.IsTrue) == wanted) chosen.Add(item);
        }
        return chosen.ToArray();
    }

    private static Value Extreme(TemplateRun run, Value[] items, bool isLeast)
    {
        if (items.Length == 0) return Value.Undefined("the extreme of nothing");
        Value best = items[0];
        foreach (Value item in items)
        {
            run.Spend(1);
            int order = Operators.Order(run, item, best);
            if (isLeast ? order < 0 : order > 0) best = item;
        }
        return best;
    }

    private static Value[] Unique(TemplateRun run, Value[] items)
    {
        var kept = new List<Value>();
        foreach (Value item in items)
        {
            bool isNew = kept.TrueForAll(other =>
            {
                run.Spend(1);
                return !Operators.AreEqual(run, other, item);
            });
            if (isNew) kept.Add(item);
        }
        return kept.ToArray();
    }

    private static Value[] Sort(TemplateRun run, Value value, CallArguments arguments)
    {
        bool isCaseSensitive = arguments.Get(1, "case_sensitive", Value.Of(false)).IsTrue;
        string? path = arguments.TryGet(2, "attribute", out Value attribute) && !attribute.IsNone
            ? arguments.RequireText(run, 2, "attribute").Chars
            : null;
        return SortBy(run, Access.Items(run, value), Key, arguments.Get(0, "reverse", Value.Of(false)).IsTrue);

        Value Key(Value item)
        {
            Value key = path is null ? item : Follow(run, item, path);
            return key.IsText && !isCaseSensitive ? Value.Of(TextMethods.ChangeCase(run, key.Text, "lower")) : key;
        }
    }

    /// <summary>Sorts by keys and leaves what is equal in its order.</summary>
    private static Value[] SortBy(TemplateRun run, Value[] items, Func<Value, Value> key, bool isReverse)
    {
        run.Spend(TemplateRun.ItemSteps * items.Length);
        Value[] keys = Array.ConvertAll(items, item => key(item));
        var order = new int[items.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        // The library's sorting would wrap the errors of a comparison.
        int Compare(int i, int j) => isReverse ? Operators.Order(run, keys[j], keys[i]) : Operators.Order(run, keys[i], keys[j]);
        Merge(run, order, new int[order.Length], 0, order.Length, Compare);
        return Array.ConvertAll(order, i => items[i]);
    }

    private static void Merge(TemplateRun run, int[] order, int[] spare, int start, int end, Comparison<int> compare)
    {
        if (end - start < 2) return;
        int middle = start + ((end - start) / 2);
        Merge(run, order, spare, start, middle, compare);
        Merge(run, order, spare, middle, end, compare);
        run.Spend(end - start);
        int left = start;
        int right = middle;
        for (int to = start; to < end; to++)
        {
            bool takesLeft = right == end || (left < middle && compare(order[left], order[right]) <= 0);
            spare[to] = takesLeft ? order[left++] : order[right++];
        }
        Array.Copy(spare, start, order, start, end - start);
    }
}
