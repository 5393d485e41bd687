using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>
/// A chat template in the dialect of Jinja that model files carry (https://jinja.palletsprojects.com), read once and rendered often, by any
/// number of threads. Templates come from strangers: what they may take is bounded, and they reach nothing but the values that they are
/// given.
/// </summary>
internal sealed class JinjaTemplate
{
    /// <summary>Longer ones are refused; real templates have some thousands of characters.</summary>
    internal const int MaxLength = 1 << 18;

    private readonly string _name;
    private readonly Statement _body;

    private JinjaTemplate(string name, Statement body)
    {
        _name = name;
        _body = body;
    }

    /// <summary>Reads a template.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="name">What messages call its file.</param>
    /// <exception cref="UnsupportedModelException">It has a mistake, or something in it is not known here.</exception>
    internal static JinjaTemplate Parse(string source, string name)
    {
        if (source.Length > MaxLength)
            throw new UnsupportedModelException($"{name}: the chat template is longer than {MaxLength} characters.");
        Exception Error(string what, int line) =>
            new UnsupportedModelException($"{name}: the chat template is not understood at line {line}: {what}.");
        var tokens = new TokenStream(TemplateLexer.Tokenize(source, Error), Error);
        return new JinjaTemplate(name, new StatementParser(tokens).ParseTemplate());
    }

    /// <summary>Renders it.</summary>
    /// <param name="variables">What the template can see, by name.</param>
    /// <param name="inputLength">[characters] of all texts among the variables.</param>
    /// <param name="now">What the template's clock says.</param>
    /// <exception cref="UnsupportedModelException">It uses what is not known here, or more steps, depth or output than it may.</exception>
    /// <exception cref="EngineLlmException">It refuses the variables, or fails on them.</exception>
    internal RenderedPrompt Render(IEnumerable<KeyValuePair<string, Value>> variables, int inputLength, DateTime now)
    {
        var run = new TemplateRun(_name, inputLength, now);
        Globals.AddTo(run.Root);
        foreach (KeyValuePair<string, Value> variable in variables) run.Root.Set(variable.Key, variable.Value);
        _body.Run(run);
        return new RenderedPrompt(run.Output.ToText(), run.MessageEnds);
    }
}

/// <summary>What a template wrote.</summary>
internal sealed class RenderedPrompt
{
    internal RenderedPrompt(OriginText text, IReadOnlyList<int> messageEnds)
    {
        Text = text;
        MessageEnds = messageEnds;
    }

    internal OriginText Text { get; }

    /// <summary>The positions, ascending, at which a round of a loop over messages ended.</summary>
    internal IReadOnlyList<int> MessageEnds { get; }
}
