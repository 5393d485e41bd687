using System;
using System.Collections.Generic;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary>What a call does. Static methods get null for the object, methods without an argument the nothing.</summary>
internal delegate Value MethodBody(GodotObject? target, in Value argument);

/// <summary>An argument, a property or a signal's value, as the engine is told of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Hint">How the inspector edits it: one of <see cref="PropertyHints"/>.</param>
/// <param name="HintText">More about that: a range, a file pattern, a class.</param>
internal sealed record ValueDefinition(string Name, VariantType Type, uint Hint = 0, string HintText = "");

/// <summary>A method with at most one argument.</summary>
internal sealed record MethodDefinition(
    string Name, MethodBody Body, ValueDefinition? Argument, ValueDefinition? Result, bool IsStatic = false);

/// <summary>A property over two methods.</summary>
internal sealed record PropertyDefinition(ValueDefinition Value, string Setter, string Getter);

/// <summary>A signal with its values.</summary>
internal sealed record SignalDefinition(string Name, ValueDefinition[] Values);

/// <summary>One value of an enumeration.</summary>
internal sealed record ConstantDefinition(string Enumeration, string Name, long Value);

/// <summary>Numbers of the engine's hints for the inspector.</summary>
internal static class PropertyHints
{
    internal const uint Range = 1, File = 13, ResourceType = 17, MultilineText = 18, NodePathValidTypes = 26;
}

/// <summary>A class that scripts can use: its methods, properties, signals and constants.</summary>
internal abstract class ClassDefinition(string name, string parent, bool isRuntime)
{
    internal string Name { get; } = name;

    internal string Parent { get; } = parent;

    /// <summary>True where the editor is to show placeholders instead of running the class.</summary>
    internal bool IsRuntime { get; } = isRuntime;

    internal List<MethodDefinition> Methods { get; } = [];

    internal List<PropertyDefinition> Properties { get; } = [];

    internal List<SignalDefinition> Signals { get; } = [];

    internal List<ConstantDefinition> Constants { get; } = [];

    internal abstract GodotObject Create(nint owner);
}

/// <inheritdoc/>
/// <typeparam name="T">This library's half of such objects.</typeparam>
internal sealed class ClassDefinition<T>(string name, string parent, bool isRuntime, Func<nint, T> create)
    : ClassDefinition(name, parent, isRuntime) where T : GodotObject
{
    internal delegate Value Getter(T target);

    internal delegate void Setter(T target, in Value value);

    internal override GodotObject Create(nint owner) => create(owner);

    internal ClassDefinition<T> Property(ValueDefinition value, Getter get, Setter set)
    {
        string setter = "set_" + value.Name, getter = (value.Type == VariantType.Bool ? "is_" : "get_") + value.Name;
        Methods.Add(new MethodDefinition(setter, (GodotObject? target, in Value to) => Set(target, set, to), value, null));
        Methods.Add(new MethodDefinition(getter, (GodotObject? target, in Value _) => get((T)target!), null, value with { Name = "" }));
        Properties.Add(new PropertyDefinition(value, setter, getter));
        return this;
    }

    internal ClassDefinition<T> Method(string name, Action<T> body)
    {
        Methods.Add(new MethodDefinition(name, (GodotObject? target, in Value _) => Do(target, body), null, null));
        return this;
    }

    internal ClassDefinition<T> Method(string name, ValueDefinition argument, Setter body)
    {
        Methods.Add(new MethodDefinition(name, (GodotObject? target, in Value to) => Set(target, body, to), argument, null));
        return this;
    }

    internal ClassDefinition<T> Method(string name, VariantType result, Getter body)
    {
        var type = new ValueDefinition("", result);
        Methods.Add(new MethodDefinition(name, (GodotObject? target, in Value _) => body((T)target!), null, type));
        return this;
    }

    internal ClassDefinition<T> StaticMethod(string name, VariantType result, Func<Value> body)
    {
        var type = new ValueDefinition("", result);
        Methods.Add(new MethodDefinition(name, (GodotObject? _, in Value _) => body(), null, type, IsStatic: true));
        return this;
    }

    internal ClassDefinition<T> Signal(string name, params ValueDefinition[] values)
    {
        Signals.Add(new SignalDefinition(name, values));
        return this;
    }

    internal ClassDefinition<T> Constant(string enumeration, string name, long value)
    {
        Constants.Add(new ConstantDefinition(enumeration, name, value));
        return this;
    }

    private static Value Do(GodotObject? target, Action<T> body)
    {
        body((T)target!);
        return default;
    }

    private static Value Set(GodotObject? target, Setter body, in Value value)
    {
        body((T)target!, value);
        return default;
    }
}
