using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace EngineLlm.Cli;

/// <summary>Options that take numbers of a range. What is no number, or outside the range, is an error that says what is allowed.</summary>
internal static class NumberOptions
{
    /// <summary>A number with a default.</summary>
    internal static Option<T> Required<T>(string name, string helpName, string description, T min, T max, T fallback)
        where T : struct, INumber<T> => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => ParseOne(result, name, min, max) ?? default,
        DefaultValueFactory = _ => fallback,
    };

    /// <summary>A number that may be left out.</summary>
    internal static Option<T?> Optional<T>(string name, string helpName, string description, T min, T max)
        where T : struct, INumber<T> => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => ParseOne(result, name, min, max),
    };

    /// <summary>Numbers with commas between them, none twice; null where none are given.</summary>
    internal static Option<int[]?> List(string name, string helpName, string description, int min, int max, int[] fallback) => new(name)
    {
        Description = $"{description} [default: {string.Join(',', fallback)}]",
        HelpName = helpName,
        CustomParser = result => ParseList(result, name, min, max),
    };

    private static T? ParseOne<T>(ArgumentResult result, string name, T min, T max) where T : struct, INumber<T> =>
        Parse(result, result.Tokens[0].Value, name, min, max);

    private static int[] ParseList(ArgumentResult result, string name, int min, int max)
    {
        var values = new List<int>();
        foreach (string part in result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Parse(result, part, name, min, max) is not { } value) return [];
            if (!values.Contains(value)) values.Add(value);
        }
        return values.ToArray();
    }

    private static T? Parse<T>(ArgumentResult result, string text, string name, T min, T max) where T : struct, INumber<T>
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (T.TryParse(text, styles, CultureInfo.InvariantCulture, out T value) && value >= min && value <= max) return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {min} to {max}, not '{text}'"));
        return null;
    }
}
