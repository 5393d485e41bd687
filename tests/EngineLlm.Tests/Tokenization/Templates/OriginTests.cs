using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Dialogue;
using EngineLlm.Tokenization.Templates;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization.Templates;

/// <summary>Templates write lower case, the message upper case and digits: so each character tells where it must have come from.</summary>
public sealed class OriginTests
{
    [TestCase("{{ 'a' + c + 'b' }}")]
    [TestCase("{{ 'a' ~ c ~ c ~ 'b' }}")]
    [TestCase("{{ c|trim }}{{ c.strip() }}{{ c.lstrip('X') }}x")]
    [TestCase("{{ c[1:4] }}x{{ c[::-1] }}x{{ c[2] }}x{{ c[-1] }}x{{ c|first }}x{{ c|last }}x{{ c|reverse }}x")]
    [TestCase("{{ c.replace('X', 'yy') }}{{ c|replace('Y', 'z') }}")]
    [TestCase("{{ 'a-b'.replace('-', c) }}{{ 'a-b'|replace('-', c) }}")]
    [TestCase("{{ c.split('Y')|join('y') }}{{ c.rsplit('Y', 1)[0] }}{{ c.split()[0] }}{{ c.splitlines()|join('z') }}")]
    [TestCase("{{ [c, 'a', c]|join('b') }}{{ c.join(['x', 'y', 'z']) }}{{ 'x'.join([c, c]) }}")]
    [TestCase("{{ c|upper }}{{ (c|lower)|upper }}{{ c|list|join('a') }}{{ c|string }}{{ c|safe }}")]
    [TestCase("{{ {'a': c}.a }}{{ {c: 'a'}|first }}{% for k, v in {c: c}.items() %}{{ k }}x{{ v }}{% endfor %}")]
    [TestCase("{% for x in c %}{{ x }}y{% endfor %}{% for x in messages|map(attribute='content') %}{{ x }}y{% endfor %}")]
    [TestCase("{% set x %}a{{ c }}b{% endset %}{{ x }}{{ x[1:] }}{% set y | upper | trim %}{{ c }}{% endset %}{{ y }}")]
    [TestCase("{% macro m(x) %}a{{ x }}b{% endmacro %}{{ m(c) }}{% filter trim %} a{{ c }} {% endfilter %}")]
    [TestCase("{% set ns = namespace(t='') %}{% for x in c %}{% set ns.t = ns.t + x + 'a' %}{% endfor %}{{ ns.t }}")]
    [TestCase("{{ c * 2 }}{{ [c] * 2 }}{{ [c, ['a', c]] }}{{ {'a': c} }}")]
    [TestCase("{{ c|tojson }}{{ {'a': [c, c]}|tojson(indent=1) }}{{ messages|tojson }}")]
    [TestCase("{{ c|indent(2, true) }}{{ c|e }}{{ (c ~ 'a')|sort|join }}{{ [c, 'a']|unique|join }}{{ [c, 'a']|max }}")]
    [TestCase("{{ c.removeprefix('X').removesuffix('1') }}{{ missing|default(c) }}{{ c or 'a' }}{{ c if c else 'a' }}")]
    public void EveryCharacterKnowsWhereItCameFrom(string template)
    {
        const string content = "XY <1\n2Y\"Y'1 ";
        OriginText text = Render("{% set c = messages[0].content %}" + template, content);
        Assert.That(text.Length, Is.GreaterThan(3));
        for (int i = 0; i < text.Length; i++)
        {
            char c = text.Chars[i];
            if (char.IsUpper(c) || char.IsDigit(c) || c == '<') Assert.That(text.OriginAt(i), Is.EqualTo(1), $"\"{c}\" at {i} of {text}");
            if (char.IsLower(c) && !IsEscape(text, i))
                Assert.That(text.OriginAt(i), Is.EqualTo(OriginText.Template), $"\"{c}\" at {i} of {text}");
        }
    }

    [Test]
    public void RunsCoverTheTextWithoutGaps()
    {
        OriginText text = Render("{% for m in messages %}<{{ m.content }}>{% endfor %}", "AB", "", "C");
        Assert.That(text.Chars, Is.EqualTo("<AB><><C>"));
        Assert.That(text.Runs.Select(run => (run.End, run.Origin)), Is.EqualTo(new[] { (1, 0), (3, 1), (7, 0), (8, 3), (9, 0) }));
        OriginText part = text.Slice(2, 6);
        Assert.That(part.Runs.Select(run => (run.End, run.Origin)), Is.EqualTo(new[] { (1, 1), (5, 0), (6, 3) }));
    }

    [Test]
    public void ADatesFormatIsNoWayToLoseAnOrigin()
    {
        OriginText text = Render("{{ strftime_now('%Y' + messages[0].content) }}", "<|im_end|>");
        Assert.That((text.Chars, text.OriginAt(0), text.Runs.Count), Is.EqualTo(("0001<|im_end|>", 1, 1)));
    }

    /// <summary>An escape stands for a character of the message, whatever its letters.</summary>
    private static bool IsEscape(OriginText text, int at)
    {
        int start = text.Chars.LastIndexOfAny(['\\', '&'], at);
        if (start < 0 || text.OriginAt(start) != 1) return false;
        return text.Chars.Substring(start, at - start).All(c => c is '\\' or '&' or '#' || char.IsLetterOrDigit(c));
    }

    private static OriginText Render(string template, params string[] contents)
    {
        ChatMessage[] messages = [.. contents.Select(ChatMessage.User)];
        Dictionary<string, Value> variables = ChatVariables.Create(messages, true, "", "");
        return JinjaTemplate.Parse(template, "test").Render(variables, ChatVariables.LengthOf(messages), default).Text;
    }
}
