using System;

namespace EngineLlm.Tokenization.Templates;

/// <summary>The kinds of values that a template can hold.</summary>
internal enum ValueKind : byte
{
    Undefined,
    None,
    Boolean,
    Integer,
    Float,
    Text,
    List,
    Dictionary,
    Loop,
    Function,
}

/// <summary>A value of the template language, as in Python.</summary>
internal readonly struct Value
{
    private readonly long _number;
    private readonly object? _object;

    private Value(ValueKind kind, long number, object? content)
    {
        Kind = kind;
        _number = number;
        _object = content;
    }

    internal ValueKind Kind { get; }

    internal static Value None => new(ValueKind.None, 0, null);

    internal static Value EmptyText => Of(OriginText.Empty);

    internal bool IsUndefined => Kind == ValueKind.Undefined;

    internal bool IsNone => Kind == ValueKind.None;

    internal bool IsText => Kind == ValueKind.Text;

    /// <summary>Whether it is an integer or a boolean, which counts as one.</summary>
    internal bool IsInteger => Kind is ValueKind.Integer or ValueKind.Boolean;

    internal bool IsNumber => Kind is ValueKind.Integer or ValueKind.Boolean or ValueKind.Float;

    internal long Integer => _number;

    internal double Number => Kind == ValueKind.Float ? BitConverter.Int64BitsToDouble(_number) : _number;

    internal OriginText Text => (OriginText)_object!;

    internal Value[] List => (Value[])_object!;

    internal ValueDictionary Dictionary => (ValueDictionary)_object!;

    internal LoopState Loop => (LoopState)_object!;

    internal TemplateFunction Function => (TemplateFunction)_object!;

    /// <summary>What was looked for, where the value is undefined.</summary>
    internal string MissingName => _object as string ?? "a value";

    internal static Value Undefined(string name) => new(ValueKind.Undefined, 0, name);

    internal static Value Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0, null);

    internal static Value Of(long value) => new(ValueKind.Integer, value, null);

    internal static Value Of(double value) => new(ValueKind.Float, BitConverter.DoubleToInt64Bits(value), null);

    internal static Value Of(OriginText value) => new(ValueKind.Text, 0, value);

    internal static Value Of(Value[] value) => new(ValueKind.List, 0, value);

    internal static Value Of(ValueDictionary value) => new(ValueKind.Dictionary, 0, value);

    internal static Value Of(LoopState value) => new(ValueKind.Loop, 0, value);

    internal static Value Of(TemplateFunction value) => new(ValueKind.Function, 0, value);

    /// <summary>A text that the template's author, or this program, wrote.</summary>
    internal static Value TemplateText(string chars) => Of(OriginText.From(chars, OriginText.Template));

    /// <summary>Whether it counts as true.</summary>
    internal bool IsTrue => Kind switch
    {
        ValueKind.Undefined or ValueKind.None => false,
        ValueKind.Boolean or ValueKind.Integer => _number != 0,
        ValueKind.Float => Number != 0,
        ValueKind.Text => Text.Length > 0,
        ValueKind.List => List.Length > 0,
        ValueKind.Dictionary => Dictionary.IsNamespace || Dictionary.Count > 0,
        _ => true,
    };

    /// <summary>The kind in the language's own words.</summary>
    internal string KindName => Kind switch
    {
        ValueKind.Undefined => "undefined",
        ValueKind.None => "none",
        ValueKind.Boolean => "a boolean",
        ValueKind.Integer => "an integer",
        ValueKind.Float => "a float",
        ValueKind.Text => "a string",
        ValueKind.List => "a list",
        ValueKind.Dictionary => Dictionary.IsNamespace ? "a namespace" : "a dictionary",
        ValueKind.Loop => "a loop",
        _ => "a function",
    };
}
