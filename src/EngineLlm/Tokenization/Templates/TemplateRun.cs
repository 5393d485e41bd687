using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>
/// One rendering: variables, output, and the bounds that keep a stranger's template from taking the machine. Not for several threads.
/// </summary>
internal sealed class TemplateRun
{
    /// <summary>How deep expressions, blocks, macros and values may nest.</summary>
    internal const int MaxDepth = 200;

    /// <summary>Steps that every rendering may take; texts that are given in add to it.</summary>
    private const long BaseSteps = 1_000_000;

    private const long StepsPerCharacter = 64;

    /// <summary>Steps that a dictionary or a block's variables count for: what is kept must be bounded too.</summary>
    internal const int ObjectSteps = 16;

    /// <summary>Steps that a new list's item counts for.</summary>
    internal const int ItemSteps = 4;

    private const int BaseOutput = 1 << 20;
    private const int OutputPerCharacter = 8;

    private readonly string _name;
    private readonly int _maxOutput;
    private readonly OriginTextBuilder _prompt;
    private long _steps;
    private int _depth;

    /// <param name="name">What messages call the template.</param>
    /// <param name="inputLength">[characters] of the texts that are given in.</param>
    /// <param name="now">What the template's clock says.</param>
    internal TemplateRun(string name, int inputLength, DateTime now)
    {
        _name = name;
        _steps = BaseSteps + (StepsPerCharacter * inputLength);
        _maxOutput = (int)Math.Min(int.MaxValue, BaseOutput + ((long)OutputPerCharacter * inputLength));
        Now = now;
        Root = new Scope(null);
        Scope = Root;
        _prompt = new OriginTextBuilder(this);
        Output = _prompt;
    }

    /// <summary>What the template's clock says.</summary>
    internal DateTime Now { get; }

    /// <summary>The variables that are seen from everywhere.</summary>
    internal Scope Root { get; }

    /// <summary>The variables of the block being run.</summary>
    internal Scope Scope { get; set; }

    /// <summary>Where text goes; exchanged while a block's output is kept in a variable.</summary>
    internal OriginTextBuilder Output { get; set; }

    /// <summary>The output's positions at which a round of a loop over messages ended.</summary>
    internal List<int> MessageEnds { get; } = new();

    /// <summary>The line of the template that is being run.</summary>
    internal int Line { get; set; } = 1;

    /// <summary>Begins a block's own variables. Whoever does puts the ones around it back at the block's end.</summary>
    internal void Open(Scope around)
    {
        Spend(ObjectSteps);
        Scope = new Scope(around);
    }

    /// <summary>Takes one step down into something nested; every one needs its <see cref="Leave"/>.</summary>
    internal void Enter()
    {
        Spend(1);
        if (++_depth > MaxDepth) throw TooMuch($"it nests more than {MaxDepth} levels deep");
    }

    internal void Leave() => _depth--;

    /// <summary>Counts work against the bound.</summary>
    internal void Spend(long steps)
    {
        _steps -= steps;
        if (_steps < 0) throw TooMuch("it takes too many steps");
    }

    internal void Write(OriginText text)
    {
        if (Output.Length > _maxOutput - text.Length) throw TooMuch("it writes too much");
        Output.Append(text);
    }

    /// <summary>Notes that the output has come to the end of a message, unless it goes into a variable.</summary>
    internal void EndMessage()
    {
        if (ReferenceEquals(Output, _prompt)) MessageEnds.Add(_prompt.Length);
    }

    /// <summary>Runs statements and keeps what they write.</summary>
    internal OriginText Capture(Statement body)
    {
        OriginTextBuilder outer = Output;
        Output = new OriginTextBuilder(this);
        body.Run(this);
        OriginText text = Output.ToText();
        Output = outer;
        return text;
    }

    /// <summary>The template and the conversation do not go together, as where something is undefined.</summary>
    internal EngineLlmException Fault(string what) => new($"{_name}: the chat template fails at line {Line}: {OneLine(what)}.");

    /// <summary>The template itself refuses the conversation.</summary>
    internal EngineLlmException Refusal(string words) => new($"{_name}: the chat template refuses the conversation: {OneLine(words)}");

    /// <summary>The template uses something that is not known here.</summary>
    internal UnsupportedModelException Unknown(string what) =>
        new($"{_name}: the chat template uses {OneLine(what)} at line {Line}, which is not known here.");

    private UnsupportedModelException TooMuch(string what) => new($"{_name}: the chat template is stopped at line {Line}: {what}.");

    /// <summary>Words of a stranger, made fit to be shown.</summary>
    private static string OneLine(string words)
    {
        string cut = words.Length > 300 ? words.Substring(0, 300) + "..." : words;
        return string.Concat(Array.ConvertAll(cut.ToCharArray(), c => char.IsControl(c) ? " " : c.ToString()));
    }
}

/// <summary>Variables of a block; what is not among them is looked for in the block around it.</summary>
internal sealed class Scope
{
    private readonly Scope? _parent;
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    internal Scope(Scope? parent) => _parent = parent;

    internal void Set(string name, Value value) => _values[name] = value;

    internal Value Get(string name)
    {
        for (Scope? scope = this; scope != null; scope = scope._parent)
        {
            if (scope._values.TryGetValue(name, out Value value)) return value;
        }
        return Value.Undefined(name);
    }
}
