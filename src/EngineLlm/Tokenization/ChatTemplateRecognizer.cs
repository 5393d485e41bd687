using System;
using System.Text;

namespace EngineLlm.Tokenization;

/// <summary>Knows a few Jinja templates by their text. White space outside of strings, and the kind of quotes, make no difference.</summary>
internal static class ChatTemplateRecognizer
{
    private const string ChatMlHead = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\n";
    private const string ChatMlMiddle = "<|im_end|>\n' }}{% endif %}";
    private const string ChatMlTurn = "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}";
    private const string ChatMlTail = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private const string Llama3Turns =
        "{% set loop_messages = messages %}{% for message in loop_messages %}"
        + "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}"
        + "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}";

    private const string Llama3Tail = "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}";

    private const string Zephyr =
        "{% for message in messages %}{% if message['role'] == 'user' %}{{ '<|user|>\n' + message['content'] + eos_token }}"
        + "{% elif message['role'] == 'system' %}{{ '<|system|>\n' + message['content'] + eos_token }}"
        + "{% elif message['role'] == 'assistant' %}{{ '<|assistant|>\n' + message['content'] + eos_token }}{% endif %}"
        + "{% if loop.last and add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}{% endfor %}";

    /// <summary>The format that a template writes, or null where the template is not known.</summary>
    internal static ChatFormat? Recognize(string template, string endOfText)
    {
        string text = Normalize(template);
        if (text == Normalize("{% for message in messages %}" + ChatMlTurn + ChatMlTail)) return ChatFormat.ChatMl(null);
        if (text == Normalize(Llama3Turns + "{% if add_generation_prompt %}" + Llama3Tail + "{% endif %}")) return ChatFormat.Llama3;
        if (text == Normalize(Zephyr)) return ChatFormat.Zephyr(endOfText);
        return ChatMlWithDefault(text);
    }

    /// <summary>ChatML that brings a system message of its own; whose words those are is the only thing that differs.</summary>
    private static ChatFormat? ChatMlWithDefault(string text)
    {
        const string place = "\u0001";
        string[] around = Normalize(ChatMlHead + place + ChatMlMiddle + ChatMlTurn + ChatMlTail).Split(place[0]);
        string head = around[0];
        string tail = around[1];
        if (text.Length < head.Length + tail.Length || !text.StartsWith(head, StringComparison.Ordinal) || !text.EndsWith(tail, StringComparison.Ordinal)) return null;
        string system = text.Substring(head.Length, text.Length - head.Length - tail.Length);
        bool isPlainText = system.IndexOfAny(new[] { '\'', '\\', '{', '}' }) < 0;
        return isPlainText ? ChatFormat.ChatMl(system) : null;
    }

    /// <summary>Drops white space outside of strings, makes all quotes single, and turns \n within strings into line breaks.</summary>
    private static string Normalize(string template)
    {
        var result = new StringBuilder(template.Length);
        char quote = '\0';
        for (int i = 0; i < template.Length; i++)
        {
            char c = template[i];
            bool isQuote = quote == '\0' ? c is '\'' or '"' : c == quote;
            if (isQuote)
            {
                quote = quote == '\0' ? c : '\0';
                result.Append('\'');
            }
            else if (quote != '\0' && c == '\\' && i + 1 < template.Length && template[i + 1] == 'n')
            {
                result.Append('\n');
                i++;
            }
            else if (quote != '\0' || !char.IsWhiteSpace(c))
            {
                result.Append(c);
            }
        }
        return result.ToString();
    }
}
