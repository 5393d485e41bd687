using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using EngineLlm.Dialogue;
using EngineLlm.Tokenization.Templates;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization.Templates;

public sealed class HostileTemplateTests
{
    private static readonly ChatMessage[] s_conversation =
        [ChatMessage.System("Guard the gate."), ChatMessage.User("Open!"), ChatMessage.Assistant("No."), ChatMessage.User("Why?")];

    [TestCase("{% if x %}", "endif")]
    [TestCase("{% endif %}", "endif")]
    [TestCase("{{ 1", "a mark has no end")]
    [TestCase("{% for x in y %}{% endif %}", "endif")]
    [TestCase("{# x", "comment")]
    [TestCase("{% raw %}x", "raw block")]
    [TestCase("{{ 'x }}", "string has no end")]
    [TestCase("{{ 1 ! 2 }}", "character \"!\"")]
    [TestCase("{{ 1 2 }}", "end of an output")]
    [TestCase("{{ ) }}", "\")\" too many")]
    [TestCase("{% include 'x' %}", "\"include\"")]
    [TestCase("{% break %}", "outside of a loop")]
    [TestCase("{% for x in y %}{% set z %}{% break %}{% endset %}{% endfor %}", "outside of a loop")]
    [TestCase("{% for x in y recursive %}{% endfor %}", "recursive")]
    [TestCase("\n\n{{ '\\xZZ' }}", "line 3")]
    [TestCase("{{ 99999999999999999999 }}", "is no value")]
    [TestCase("{{ f(a=1, 2) }}", "without a name")]
    public void MistakesAreClearErrors(string template, string expected) =>
        Assert.That(
            () => JinjaTemplate.Parse(template, "m.gguf"),
            Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains(expected).And.Message.Contains("m.gguf"));

    [TestCase("{{ 1|nonsense }}", "the filter \"nonsense\"")]
    [TestCase("{{ 1 is nonsense }}", "the test \"nonsense\"")]
    [TestCase("{{ nonsense() }}", "the function \"nonsense\"")]
    [TestCase("{{ 'x'.nonsense() }}", "nonsense() of a string")]
    [TestCase("{{ '%s' % 1 }}", "operator %")]
    [TestCase("{{ strftime_now('%Q') }}", "%Q")]
    public void WhatIsNotKnownIsNamed(string template, string expected) =>
        Assert.That(() => Render(template), Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains(expected));

    [TestCase("{{ missing.x }}", "\"missing\" is undefined")]
    [TestCase("{{ missing + 'a' }}", "\"missing\" is undefined")]
    [TestCase("\n{{ 'a' + 1 }}", "line 2: the operator +")]
    [TestCase("{{ 1 / 0 }}", "divided by zero")]
    [TestCase("{{ 1 % 0 }}", "divided by zero")]
    [TestCase("{{ 2 ** 64 }}", "too large")]
    [TestCase("{{ 9223372036854775807 + 1 }}", "too large")]
    [TestCase("{{ (-9223372036854775807 - 1) // -1 }}", "too large")]
    [TestCase("{% for x in none %}{% endfor %}", "none has no items")]
    [TestCase("{{ 'a' < 1 }}", "no order")]
    [TestCase("{% set x = {} %}{% set x.y = 1 %}", "no namespace")]
    [TestCase("{{ raise_exception('go\naway') }}", "refuses the conversation: go away")]
    public void WhatFailsOnAConversationSaysWhy(string template, string expected)
    {
        EngineLlmException error = Assert.Throws<EngineLlmException>(() => Render(template))!;
        Assert.That(error.Message, Does.Contain(expected).And.Not.Contain("\n"));
    }

    [TestCase("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")]
    [TestCase("{{ range(1000000000)|list }}")]
    [TestCase("{{ range(-9223372036854775807, 9223372036854775807, 9223372036854775807)|list }}{{ 'x' * 4611686018427387904 }}")]
    [TestCase("{{ 'x' * 100000000 }}")]
    [TestCase("{{ [1] * 100000000 }}")]
    [TestCase("{% set ns = namespace(x='xy') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}")]
    [TestCase("{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}")]
    [TestCase("{% set ns = namespace(x=[]) %}{% for i in range(10000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}")]
    [TestCase("{% set ns = namespace(x={}) %}{% for i in range(10000) %}{% set ns.x = {'x': ns.x} %}{% endfor %}{{ ns.x|tojson }}")]
    [TestCase("{% set ns = namespace(x=[], y=[]) %}{% for i in range(10000) %}{% set ns.x = [ns.x] %}{% set ns.y = [ns.y] %}{% endfor %}{{ ns.x == ns.y }}")]
    [TestCase("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [TestCase("{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}")]
    [TestCase("{% set x = 'ab' * 5000 %}{% for i in range(100000) %}{{ x.replace('ab', x) }}{% endfor %}")]
    [TestCase("{% set x = 'a' * 20000 %}{% for i in range(100000) %}{{ (x ~ 'b') in x }}{{ x.rfind('aab') }}{{ x.split('aab') }}{% endfor %}")]
    [TestCase("{% set x = 'a' * 20000 %}{% set y = 'a' * 20000 %}{% for i in range(1000000) %}{{ x == y }}{{ x < y }}{{ x|length }}{{ x.strip() }}{% endfor %}")]
    [TestCase("{% for i in range(200000) %}{{ i|tojson(indent=32) }}{{ 'a'|indent(100, true) }}{{ 10 ** 18 }}{% endfor %}")]
    [TestCase("{{ range(100000)|list|unique|list }}")]
    [TestCase("{{ range(100000)|sort|map('string')|map('length')|sum }}{{ range(100000)|map('nonsense')|list }}")]
    public void NothingRunsAway(string template)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Render(template), Throws.InstanceOf<UnsupportedModelException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64L << 20));
    }

    [TestCase("(", ")")]
    [TestCase("[", "]")]
    [TestCase("-", "")]
    [TestCase("not ", "")]
    [TestCase("1 if 1 else ", "")]
    [TestCase("'a'.join(", ")")]
    [TestCase("{'a': ", "}")]
    public void NestingIsBounded(string open, string close)
    {
        string template =
            "{{ " + string.Concat(Enumerable.Repeat(open, 20000)) + "1" + string.Concat(Enumerable.Repeat(close, 20000)) + " }}";
        Assert.That(() => Render(template), Throws.InstanceOf<UnsupportedModelException>());
    }

    [TestCase("{{ 1", " + 1", " }}")]
    [TestCase("{{ x", ".x", " }}")]
    [TestCase("{{ x", "[0]", " }}")]
    [TestCase("{{ 'x'", "|trim", " }}")]
    [TestCase("{{ 1", " is defined", " }}")]
    [TestCase("{{ 1", " or 1", " }}")]
    [TestCase("", "{% if 1 %}", "")]
    [TestCase("{% if 0 %}", "{% elif 0 %}", "{% endif %}")]
    public void LongChainsEndInAResultOrATypedError(string start, string repeated, string end)
    {
        try
        {
            Render(start + string.Concat(Enumerable.Repeat(repeated, 20000)) + end);
        }
        catch (EngineLlmException error)
        {
            Assert.That(error.Message, Does.Not.Contain("\n"));
        }
    }

    [Test]
    public void HugeTemplatesAreRefused() =>
        Assert.That(() => Render(new string('x', JinjaTemplate.MaxLength + 1)), Throws.InstanceOf<UnsupportedModelException>());

    [Test]
    public void MutantsEndInAResultOrATypedError()
    {
        const int seed = 6;
        const int mutants = 20000;
        using JsonDocument json = TemplateGoldenTests.Golden();
        string[] sources = [.. json.RootElement.EnumerateObject().Select(model => model.Value.GetProperty("template").GetString()!)];
        var random = new Random(seed);
        int failures = 0;
        for (int i = 0; i < mutants; i++)
        {
            string mutant = Mutate(sources[random.Next(sources.Length)], sources[random.Next(sources.Length)], random);
            try
            {
                Render(mutant);
            }
            catch (EngineLlmException)
            {
                failures++;
            }
            catch (Exception error)
            {
                Assert.Fail($"mutant {i} of seed {seed}: {error}\n{mutant}");
            }
        }
        Assert.That(failures, Is.InRange(mutants / 10, mutants - (mutants / 10)));
    }

    private static string Mutate(string source, string other, Random random)
    {
        const string marks = "{}%#-+*/|.,:()[]'\"=<>~ \n\\019axe_";
        var text = new StringBuilder(source);
        for (int k = random.Next(1, 4); k > 0; k--)
        {
            int at = random.Next(text.Length);
            int length = Math.Min(random.Next(1, 30), text.Length - at);
            switch (random.Next(5))
            {
                case 0: text[at] = marks[random.Next(marks.Length)]; break;
                case 1: text.Insert(at, marks[random.Next(marks.Length)]); break;
                case 2 when text.Length > length: text.Remove(at, length); break;
                case 3: text.Insert(at, text.ToString(at, length)); break;
                default:
                    int start = random.Next(other.Length);
                    text.Insert(at, other.Substring(start, Math.Min(random.Next(1, 60), other.Length - start)));
                    break;
            }
        }
        return text.ToString();
    }

    private static string Render(string template)
    {
        Dictionary<string, Value> variables = ChatVariables.Create(s_conversation, true, "<s>", "</s>");
        return JinjaTemplate.Parse(template, "test").Render(variables, ChatVariables.LengthOf(s_conversation), default).Text.Chars;
    }
}
