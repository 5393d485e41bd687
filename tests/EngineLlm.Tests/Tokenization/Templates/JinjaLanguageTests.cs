using System;
using System.Collections.Generic;
using EngineLlm.Tokenization.Templates;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization.Templates;

/// <summary>What templates give, as printed by jinja2 3.1 with the settings that chat templates are rendered with.</summary>
public sealed class JinjaLanguageTests
{
    private static readonly DateTime s_now = new(2026, 1, 2, 15, 4, 5);

    [TestCase("a{{ 1 }}\n{{ 2 }}\n", "a1\n2")]
    [TestCase("  {% if true %}\n  x\n  {% endif %}\n  y", "  x\n  y")]
    [TestCase("a\n  {#- c -#}  \n b", "ab")]
    [TestCase("x {%- if true -%}  y  {%- endif +%}\nz", "xy\nz")]
    [TestCase("{%+ if true %}  a{% endif %}", "  a")]
    [TestCase("  {%+ if true %}  a{% endif +%}\n b", "    a\n b")]
    [TestCase("{# c #}\n{{ 'a' }}", "a")]
    [TestCase("{{- 'a' -}}  \n  b", "ab")]
    [TestCase("{% raw %}{{ x }} {% if %}{% endraw %}!", "{{ x }} {% if %}!")]
    [TestCase("{%- raw -%}  {{ x }}  {%- endraw -%}  !", "{{ x }}!")]
    [TestCase("a\r\nb\rc\n\n", "a\nb\nc\n")]
    [TestCase("{{ '\\x41\\u00e9\\101\\'\\\"\\\\\\q\\t|' }}", "A\u00e9A'\"\\\\q\t|")]
    [TestCase("{{ \"a\" 'b' \"c\" }}", "abc")]
    [TestCase("{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % -3 }} {{ -7 % 3 }} {{ 7 / 2 }}", "3 -4 -2 2 3.5")]
    [TestCase("{{ 2 ** 10 }} {{ 1 + 2 * 3 }} {{ -3 ** 2 }} {{ 7.5 // 2 }}", "1024 7 9 3.0")]
    [TestCase("{{ -7.5 % 2 }}", "0.5")]
    [TestCase("{{ 1.0 }} {{ 0.1 }} {{ 1e20 }} {{ 1e-7 }}", "1.0 0.1 1e+20 1e-07")]
    [TestCase("{{ 123456789012345680.0 }} {{ 1.5e3 }}", "1.2345678901234568e+17 1500.0")]
    [TestCase("{{ 100000.0 * 1000000000.0 }} {{ true + 1 }}", "100000000000000.0 2")]
    [TestCase("{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }} {{ true == 1 }}", "True False True True")]
    [TestCase("{{ 'a' < 'b' }} {{ 'a' == 1 }} {{ not 1 == 2 }}", "True False True")]
    [TestCase("{{ 1 if false }}|{{ 1 if true else 2 }}|{{ 1 if false else 2 if false else 3 }}", "|1|3")]
    [TestCase("{{ 'b' in 'abc' }} {{ 'x' not in 'abc' }} {{ 2 in [1,2] }}", "True True True")]
    [TestCase("{{ 'k' in {'k': 1} }} {{ 'a' in missing }}", "True False")]
    [TestCase("{{ [1,2,3][-1] }} {{ [1,2,3][5] }} {{ 'abc'[0] }}", "3  a")]
    [TestCase("{{ 'abcdef'[1:-1] }} {{ 'abcdef'[::-1] }} {{ [1,2,3,4][::2] }}", "bcde fedcba [1, 3]")]
    [TestCase("{{ [1,2,3,4][-3:] }} {{ [1,2,3][10:] }} {{ 'abc'[-10:2] }}", "[2, 3, 4] [] ab")]
    [TestCase("{{ [1,2,3,4][3:0:-2] }}", "[4, 2]")]
    [TestCase("{{ none }} {{ true }} {{ [1,'a',none,{'b': 2.5}] }}", "None True [1, 'a', None, {'b': 2.5}]")]
    [TestCase("{{ {'a': \"it's\"} }} {{ 'q\"' }} {{ [\"it's \\\"q\\\"\", 'tab\\t', '\\n'] }}",
        "{'a': \"it's\"} q\" ['it\\'s \"q\"', 'tab\\t', '\\n']")]
    [TestCase("{{ none or 'x' }} {{ '' or 0 }} {{ 1 and 2 }} {{ [] and 1 }}", "x 0 2 []")]
    [TestCase("{{ 'a' or missing.x }}", "a")]
    [TestCase("{{ 1 ~ 'a' ~ none ~ [1] }} {{ 'a' ~ missing ~ 'b' }}", "1aNone[1] ab")]
    [TestCase("{{ 'ab' * 3 }} {{ 2 * 'xy' }} {{ [1] * 2 + [3] }}", "ababab xyxy [1, 1, 3]")]
    [TestCase("{{ '  a b '|trim }}|{{ 'xxaxx'|trim('x') }}|{{ ' a '.strip() }}|{{ 'xay'.strip('xy') }}|{{ ' a '.lstrip() }}|{{ ' a '.rstrip() }}|{{ none|trim }}|{{ missing|trim }}",
        "a b|a|a|a|a | a|None|")]
    [TestCase("{{ ['a','b']|join(', ') }} {{ [1,2]|join }}", "a, b 12")]
    [TestCase("{{ [{'x':1},{'x':2}]|join('-', attribute='x') }}", "1-2")]
    [TestCase("{{ 'abc'|join('.') }}", "a.b.c")]
    [TestCase("{{ 'abc'|length }} {{ [1,2]|count }} {{ {'a':1}|length }} {{ missing|length }} {{ 'h\\u00e9\\U0001F600'|length }} {{ '\\U0001F600bc'[0] }} {{ '\\U0001F600bc'[1:] }}",
        "3 2 1 0 3 \ud83d\ude00 bc")]
    [TestCase("{{ {'a': [1, 2.0, none, true, \"x\\\"\\n\\u00e9<\"], 'b': {}, 'c': []}|tojson }}",
        "{\"a\": [1, 2.0, null, true, \"x\\\"\\n\u00e9<\"], \"b\": {}, \"c\": []}")]
    [TestCase("{{ {'a': [1, {'b': 2}], 'c': [], 'd': {}}|tojson(indent=2) }}",
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": [],\n  \"d\": {}\n}")]
    [TestCase("{{ 'aBc d-e'|upper }} {{ 'ABC'|lower }}", "ABC D-E abc")]
    [TestCase("{{ 'hello world'.title() }} {{ 'hELLO wORLD'|capitalize }}", "Hello World Hello world")]
    [TestCase("{{ 'hello world'|title }}", "Hello World")]
    [TestCase("{{ 'aXbXc'|replace('X','--') }} {{ 'aXbXc'.replace('X','', 1) }}", "a--b--c abXc")]
    [TestCase("{{ missing|default('d') }} {{ ''|default('d') }}", "d ")]
    [TestCase("{{ ''|default('d', true) }} {{ none|d('x', boolean=true) }}", "d x")]
    [TestCase("{{ 5|default(1) }}", "5")]
    [TestCase("{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }}", "['a', 'b', '', 'c'] ['a', 'b']")]
    [TestCase("{{ 'a b c'.split(' ', 1) }} {{ 'a-b-c'.rsplit('-', 1) }}", "['a', 'b c'] ['a-b', 'c']")]
    [TestCase("{{ 'a\\nb\\r\\nc\\n'.splitlines() }} {{ 'a b  c '.split(none, 1) }}", "['a', 'b', 'c'] ['a', 'b  c ']")]
    [TestCase("{{ ''.split(',') }} {{ ''.split() }}", "[''] []")]
    [TestCase("{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith(('x','bc')) }}", "True True")]
    [TestCase("{{ 'abc'.find('c') }} {{ 'abcabc'.rfind('b') }}", "2 4")]
    [TestCase("{{ 'aXa'.count('a') }} {{ '12'.isdigit() }}", "2 True")]
    [TestCase("{{ ','.join(['a','b']) }} {{ 'abc'.removeprefix('a') }}", "a,b bc")]
    [TestCase("{{ '42'|int + 1 }} {{ 'x'|int }} {{ 'x'|int(7) }} {{ 3.9|int }}", "43 0 7 3")]
    [TestCase("{{ '2.5'|float }} {{ 7|string ~ 'a' }} {{ -5|abs }}", "2.5 7a 5")]
    [TestCase("{{ [3,1,2]|sort }} {{ ['b','A','c']|sort }}", "[1, 2, 3] ['A', 'b', 'c']")]
    [TestCase("{{ [3,1,2]|sort(reverse=true) }}", "[3, 2, 1]")]
    [TestCase("{{ [{'n':2},{'n':1}]|sort(attribute='n')|map(attribute='n')|list }}", "[1, 2]")]
    [TestCase("{{ [1,2,1]|unique|list }} {{ [1,2,3]|sum }} {{ [1,2,3]|max }}", "[1, 2] 6 3")]
    [TestCase("{{ [1,2]|reverse|list }} {{ 'abc'|reverse }}", "[2, 1] cba")]
    [TestCase("{{ [[1,2],[3]]|map('length')|list }}", "[2, 1]")]
    [TestCase("{{ [{'r':'a','v':1},{'r':'b','v':2}]|selectattr('r','equalto','a')|list }}", "[{'r': 'a', 'v': 1}]")]
    [TestCase("{{ [{'r':'a'},{}]|selectattr('r','defined')|list|length }}", "1")]
    [TestCase("{{ [1,2,3,4]|select('even')|list }} {{ [0,1]|reject|list }}", "[2, 4] [0]")]
    [TestCase("{{ [{'a':{'b':1}}]|map(attribute='a.b')|first }}", "1")]
    [TestCase("{{ [{'r':1},{'r':0}]|rejectattr('r')|list }}", "[{'r': 0}]")]
    [TestCase("{{ ['a','b']|map('upper')|join }}", "AB")]
    [TestCase("{{ [{}]|map(attribute='x', default='d')|join }}", "d")]
    [TestCase("{{ [1,2]|first }} {{ []|first }} {{ 'xyz'|last }}", "1  z")]
    [TestCase("{{ {'b':1,'a':2}|dictsort|map('join', '=')|join(' ') }}", "a=2 b=1")]
    [TestCase("{{ {'b':1,'a':2}|items|map('last')|list }}", "[1, 2]")]
    [TestCase("{{ {'a':1}.items()|map('first')|list }}", "['a']")]
    [TestCase("{{ {'a':1}.get('b', 'no') }} {{ {'a':1}.get('b') }}", "no None")]
    [TestCase("{{ {'a':1}.keys()|list }} {{ {'a':1}.values()|list }}", "['a'] [1]")]
    [TestCase("{{ {'a':1,'b':2}|list }}", "['a', 'b']")]
    [TestCase("{{ 'a\\nb\\n\\nc'|indent }}|{{ 'a\\nb'|indent(2, true) }}|{{ 'a\\n\\nb'|indent(2, blank=true) }}",
        "a\n    b\n\n    c|  a\n  b|a\n  \n  b")]
    [TestCase("{{ '<a href=\"x\">&\\''|e }} {{ '<b>'|safe }}", "&lt;a href=&#34;x&#34;&gt;&amp;&#39; <b>")]
    [TestCase("{{ [3,1,2,1]|sort|join }} {{ ['b','a','B','A']|sort|join }}", "1123 aAbB")]
    [TestCase("{{ ['b','a','B','A']|sort(reverse=true)|join }}", "bBaA")]
    [TestCase("{{ ['b','a','B','A']|sort(case_sensitive=true)|join }}", "ABab")]
    [TestCase("{{ [2,2.0,true]|sort|join(' ') }}", "True 2 2.0")]
    [TestCase("{{ 1 is odd }} {{ 4 is divisibleby 2 }} {{ 'a' is string }}", "True True True")]
    [TestCase("{{ {} is mapping }} {{ [] is iterable }} {{ 'a' is iterable }}", "True True True")]
    [TestCase("{{ 1 is number }} {{ true is boolean }} {{ 1 is integer }}", "True True True")]
    [TestCase("{{ true is integer }} {{ none is none }} {{ 1 is not none }}", "False True True")]
    [TestCase("{{ 'A' is upper }} {{ 3 is in [1,3] }} {{ range is callable }}", "True True True")]
    [TestCase("{{ [] is sequence }} {{ 1 is eq 1 }} {{ 1.5 is float }}", "True True True")]
    [TestCase("{{ missing is undefined }} {{ false is false }} {{ 0 is false }}", "True True False")]
    [TestCase("{{ 1 is sameas 1 }}", "True")]
    [TestCase("{% for i in range(3) %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }},{% endfor %}",
        "1032TrueFalse3,2121FalseFalse3,3210FalseTrue3,")]
    [TestCase("{% for a, b in [[1,2],[3,4]] %}{{ a }}-{{ b }};{% endfor %}{% for k, v in {'x': 1}.items() %}{{ k }}={{ v }}{% endfor %}{% for k in {'x': 1, 'y': 2} %}{{ k }}{% endfor %}",
        "1-2;3-4;x=1xy")]
    [TestCase("{% for x in [1,2,3,4] if x is even %}{{ loop.index }}:{{ x }}{% if not loop.last %},{% endif %}{% else %}none{% endfor %}|{% for x in [] %}a{% else %}empty{% endfor %}",
        "1:2,2:4|empty")]
    [TestCase("{% for x in [1,2,3,4] %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 4 %}{% break %}{% endif %}{{ x }}{% endfor %}",
        "13")]
    [TestCase("{% set x = 1 %}{% for i in [1,2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}{% if true %}{% set x = 9 %}{% endif %}{{ x }}",
        "2319")]
    [TestCase("{% set ns = namespace(a=1) %}{% for i in [1,2] %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}{% set ns.b = 'n' %}{{ ns.b }}{{ ns.c is defined }}",
        "4nFalse")]
    [TestCase("{% set x %}  block {{ 1 }}{% endset %}[{{ x }}]{% set y | trim | upper %}  q {% endset %}[{{ y }}]",
        "[  block 1][Q]")]
    [TestCase("{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set t = (1, 2) %}{{ t[1] }}{% set e = () %}{{ e|length }}", "1220")]
    [TestCase("{% macro m(a, b='d') %}<{{ a }}|{{ b }}>{% endmacro %}{{ m(1) }}{{ m('x', b=2) }}{{ m() }}{{ m(a=3)|upper }}",
        "<1|d><x|2><|d><3|D>")]
    [TestCase("{% macro fact(n) %}{% if n <= 1 %}1{% else %}{{ n * fact(n - 1)|int }}{% endif %}{% endmacro %}{{ fact(5) }}",
        "120")]
    [TestCase("{% set g = 'G' %}{% macro m() %}{{ g }}{% endmacro %}{{ m() }}", "G")]
    [TestCase("{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}{% filter upper %}abc{% endfilter %}", "3FalseABC")]
    [TestCase("{% for i in [1,2] %}{% for j in [1,2] %}{{ loop.depth }}{{ loop.index }}{% endfor %}{{ loop.depth }}{% endfor %}{% for i in [1,2,3] %}{{ loop.cycle('a','b') }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.changed(i > 1) }}{% endfor %}",
        "1112111121a2Trueb13Truea2False")]
    [TestCase("{{ strftime_now('%d %b %Y %H:%M:%S %A %-d %B %y %I %p %j %%') }}",
        "02 Jan 2026 15:04:05 Friday 2 January 26 03 PM 002 %")]
    [TestCase("{{ range(5)|list }} {{ range(2, 8, 3)|list }}", "[0, 1, 2, 3, 4] [2, 5]")]
    [TestCase("{{ range(3, 0, -1)|list }}", "[3, 2, 1]")]
    [TestCase("{{ dict(a=1, b='x') }} {{ {'a': 1}['a'] }}", "{'a': 1, 'b': 'x'} 1")]
    [TestCase("{{ {'items': 5}['items'] }}", "5")]
    [TestCase("{% if x is defined and x %}a{% elif not x %}b{% else %}c{% endif %}", "b")]
    [TestCase("{%- set role = 'user' -%}", "")]
    [TestCase("{{ ('a' if role == 'user' else 'b') + 'c' }}", "bc")]
    [TestCase("{{ 'a'.upper().lower() ~ 'B'|lower }} {{ ('a' ~ 'b')|upper }}", "ab AB")]
    [TestCase("{{ 'a' + 'b'|upper }} {{ -1|abs }} {{ (1,2)|first }}", "aB 1 1")]
    [TestCase("{{ not true or true }} {{ not (true or true) }}", "True False")]
    [TestCase("{{ true and not false }} {{ 1 if not x is defined else 2 }}", "True 1")]
    [TestCase("{{ {'a': 1} == {'a': 1} }} {{ [1,[2]] == [1,[2]] }}", "True True")]
    [TestCase("{{ none == none }} {{ missing == other }} {{ 'a' != 'b' }}", "True True True")]
    [TestCase("{{ \"a}}b\" }} {{ {'a': {'b': 1}} }} {{ {'a':{'b':1}}.a.b }}", "a}}b {'a': {'b': 1}} 1")]
    [TestCase("{{ [[1]][0][0] }} {{ [1,2].0 }}", "1 1")]
    public void ResultsAreTheReferences(string template, string expected)
    {
        RenderedPrompt result = JinjaTemplate.Parse(template, "test").Render(new Dictionary<string, Value>(), 0, s_now);
        Assert.That(result.Text.Chars, Is.EqualTo(expected));
    }
}
