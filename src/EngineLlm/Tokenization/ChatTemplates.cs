using System;

namespace EngineLlm.Tokenization;

/// <summary>
/// A model's chat template in its three moods: as it comes, thinking, and answering at once. Each is read when it is first asked for.
/// </summary>
internal sealed class ChatTemplates
{
    private readonly Lazy<ChatTemplate> _asItComes, _thinking, _answering;

    /// <param name="tokenizer">Gives the model's tokenizer.</param>
    internal ChatTemplates(Func<Tokenizer> tokenizer)
    {
        _asItComes = new Lazy<ChatTemplate>(() => ChatTemplate.FromModel(tokenizer()));
        _thinking = new Lazy<ChatTemplate>(() => ChatTemplate.FromModel(tokenizer(), enableThinking: true));
        _answering = new Lazy<ChatTemplate>(() => ChatTemplate.FromModel(tokenizer(), enableThinking: false));
    }

    /// <summary>The template for prompts.</summary>
    /// <param name="thinks">Whether the model is to think before it answers; null leaves that to the template.</param>
    internal ChatTemplate For(bool? thinks)
    {
        ChatTemplate template = _asItComes.Value;
        if (thinks is not { } wanted || template.Thinking is null) return template;
        return wanted ? _thinking.Value : _answering.Value;
    }
}
