namespace EngineLlm.Tokenization.Templates;

/// <summary>What `loop` knows inside a for block.</summary>
internal sealed class LoopState
{
    private readonly Value[] _items;
    private Value? _lastChanged;

    internal LoopState(Value[] items) => _items = items;

    /// <summary>Number of rounds that are done.</summary>
    internal int Index { get; set; }

    internal Value Get(string name) => name switch
    {
        "index" => Value.Of((long)Index + 1),
        "index0" => Value.Of((long)Index),
        "revindex" => Value.Of((long)_items.Length - Index),
        "revindex0" => Value.Of((long)_items.Length - Index - 1),
        "first" => Value.Of(Index == 0),
        "last" => Value.Of(Index == _items.Length - 1),
        "length" => Value.Of((long)_items.Length),
        "depth" => Value.Of(1L),
        "depth0" => Value.Of(0L),
        "previtem" => Index > 0 ? _items[Index - 1] : Value.Undefined("loop.previtem"),
        "nextitem" => Index + 1 < _items.Length ? _items[Index + 1] : Value.Undefined("loop.nextitem"),
        _ => Value.Undefined("loop." + name),
    };

    internal Value Call(TemplateRun run, string name, CallArguments arguments)
    {
        if (name == "cycle" && arguments.Positional.Length > 0) return arguments.Positional[Index % arguments.Positional.Length];
        if (name != "changed") throw run.Unknown($"loop.{name}()");
        Value current = Value.Of(arguments.Positional);
        bool same = _lastChanged is { } last && Operators.AreEqual(run, last, current);
        _lastChanged = current;
        return Value.Of(!same);
    }
}
