namespace EngineLlm.Tokenization.Templates;

/// <summary>Templates for models whose files bring none.</summary>
internal static class BuiltInTemplates
{
    /// <summary>Turns between marks. A system message given as default_system is for conversations that begin without one.</summary>
    internal const string ChatMl =
        """
        {%- if messages and messages[0].role != 'system' and default_system is defined %}
            {{- '<|im_start|>system\n' + default_system + '<|im_end|>\n' }}
        {%- endif %}
        {%- for message in messages %}
            {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\n' }}
        {%- endif %}
        """;

    /// <summary>Lines of a play, for models that were never taught to chat.</summary>
    internal const string Plain =
        """
        {%- if adds_bos %}
            {{- bos_token }}
        {%- endif %}
        {%- for message in messages %}
            {%- if message.role == 'system' %}
                {{- message.content + '\n\n' }}
            {%- else %}
                {{- 'User: ' if message.role == 'user' else 'Assistant:' }}
                {{- message.content + '\n' }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- 'Assistant:' }}
        {%- endif %}
        """;
}
