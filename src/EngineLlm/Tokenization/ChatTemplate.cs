using System;
using System.Collections.Generic;
using EngineLlm.Dialogue;
using EngineLlm.Tokenization.Templates;

namespace EngineLlm.Tokenization;

/// <summary>
/// Turns conversations into the prompts that a model was taught on, as the template in its file says. Special tokens are recognised in what
/// the template itself writes, never in what came from a message, however the template takes it apart: nobody can forge a turn by typing
/// its marks. Encoding is stable where the template is: the tokens of a conversation are the first tokens of the same conversation with
/// more messages, and so are those that ask for an answer, once it has been given.
/// </summary>
public sealed class ChatTemplate
{
    private const int DefaultSystemOrigin = int.MaxValue;

    private readonly Tokenizer _tokenizer;
    private readonly JinjaTemplate _template;
    private readonly DateTime _now;
    private readonly HashSet<int> _stopTokens;
    private readonly Dictionary<string, Value> _constants = new();
    private AnswerOpening _opening = AnswerOpening.Unknown;
    private bool _refusesSystem;
    private bool _silencesThinking;

    private ChatTemplate(Tokenizer tokenizer, string name, string source, DateTime now)
    {
        _tokenizer = tokenizer;
        _template = JinjaTemplate.Parse(source, tokenizer.FileName);
        _now = now;
        _stopTokens = new HashSet<int>(tokenizer.EndOfGenerationTokens);
        Name = name;
    }

    /// <summary>What the template is called, for people.</summary>
    public string Name { get; }

    /// <summary>How the model marks its thoughts behind a prompt; null where it does not think.</summary>
    internal ThinkingSection? Thinking { get; private set; }

    /// <summary>The tokens that end an answer.</summary>
    public IReadOnlyCollection<int> StopTokens => _stopTokens;

    /// <summary>
    /// The template that the model's file carries; plain lines where it carries none. Where it asks for the date, that is today's as of
    /// this call: a conversation's beginning stays what it was.
    /// </summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="enableThinking">Whether the model is to think before it answers, where its template knows how; null leaves it to that.</param>
    /// <exception cref="UnsupportedModelException">The file's template is not understood.</exception>
    public static ChatTemplate FromModel(Tokenizer tokenizer, bool? enableThinking = null) =>
        FromModel(tokenizer, enableThinking, DateTime.Now);

    /// <summary>The template that the model's file carries, at a given time.</summary>
    internal static ChatTemplate FromModel(Tokenizer tokenizer, bool? enableThinking, DateTime now)
    {
        if (tokenizer.TemplateSource is not { } source) return Plain(tokenizer);
        var template = new ChatTemplate(tokenizer, "the model's own", source, now);
        if (enableThinking is { } enabled)
        {
            template._constants.Add("enable_thinking", Value.Of(enabled));
            template._constants.Add("thinking", Value.Of(enabled));
        }
        template.WithOpening();
        template._silencesThinking = enableThinking == false && template.Thinking is { IsOpened: true };
        if (template._silencesThinking) template.Thinking = ThinkingSection.Find(tokenizer, "");
        return template;
    }

    /// <summary>ChatML: turns between &lt;|im_start|&gt; and &lt;|im_end|&gt;.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="defaultSystem">The system message of conversations that begin without one; null for none.</param>
    public static ChatTemplate ChatMl(Tokenizer tokenizer, string? defaultSystem = null)
    {
        var template = new ChatTemplate(tokenizer, "ChatML", BuiltInTemplates.ChatMl, default);
        if (defaultSystem != null) template._constants.Add("default_system", Value.Of(OriginText.From(defaultSystem, DefaultSystemOrigin)));
        return template.WithOpening();
    }

    /// <summary>"User: ..." and "Assistant: ..." on lines of their own, for models without a template.</summary>
    public static ChatTemplate Plain(Tokenizer tokenizer)
    {
        var template = new ChatTemplate(tokenizer, "plain lines", BuiltInTemplates.Plain, default);
        template._constants.Add("adds_bos", Value.Of(tokenizer.AddsBos));
        template.AddLineEnds();
        return template.WithOpening();
    }

    /// <summary>Whether the token ends an answer.</summary>
    public bool EndsTurn(int token) => _stopTokens.Contains(token);

    /// <summary>
    /// Appends the ids of a conversation to a list. Where the model is not to think, but the template has it begin with thoughts, they are
    /// ended at once. Where the template refuses system messages altogether, as Gemma 2's does, the system message stands at the beginning
    /// of the first question.
    /// </summary>
    /// <param name="messages">The conversation from its beginning.</param>
    /// <param name="addGenerationPrompt">Whether to end with what makes the model answer.</param>
    /// <param name="output">Where the ids go.</param>
    /// <exception cref="UnsupportedModelException">The template uses what is not known here, or takes too much.</exception>
    /// <exception cref="EngineLlmException">A role is not system, user or assistant, or the template refuses the conversation.</exception>
    public void Encode(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, List<int> output)
    {
        if (_refusesSystem) messages = SystemAsQuestion(messages);
        string ending = addGenerationPrompt && _silencesThinking ? Thinking!.ClosingText : "";
        new PromptEncoder(new TokenWriter(_tokenizer, output), messages, _opening).Encode(RenderPrompt(messages, addGenerationPrompt), ending);
    }

    /// <summary>
    /// The prompt as text, as the template's maker would print it, refusals included. For people and tests; models get the tokens of
    /// <see cref="Encode"/>.
    /// </summary>
    /// <inheritdoc cref="Encode"/>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt) =>
        RenderPrompt(messages, addGenerationPrompt).Text.Chars;

    private RenderedPrompt RenderPrompt(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        foreach (ChatMessage message in messages)
        {
            if (message.Role is not (ChatMessage.SystemRole or ChatMessage.UserRole or ChatMessage.AssistantRole))
                throw new EngineLlmException($"the role \"{message.Role}\" is not known; use system, user or assistant.");
        }
        Dictionary<string, Value> variables =
            ChatVariables.Create(messages, addGenerationPrompt, NameOf(_tokenizer.BosToken), NameOf(_tokenizer.EosToken));
        foreach (KeyValuePair<string, Value> constant in _constants) variables[constant.Key] = constant.Value;
        return _template.Render(variables, ChatVariables.LengthOf(messages), _now);
    }

    private string NameOf(int token) => token >= 0 ? _tokenizer.TokenText(token) : "";

    private ChatTemplate WithOpening()
    {
        _opening = AnswerOpening.Find(RenderPrompt);
        Thinking = ThinkingSection.Find(_tokenizer, _opening.LastWordsBeforeAnswer);
        _refusesSystem = Takes(ChatMessage.User("x")) && !Takes(ChatMessage.System("x"), ChatMessage.User("x"));
        return this;
    }

    private bool Takes(params ChatMessage[] messages)
    {
        try
        {
            RenderPrompt(messages, addGenerationPrompt: true);
            return true;
        }
        catch (EngineLlmException)
        {
            return false;
        }
    }

    private static IReadOnlyList<ChatMessage> SystemAsQuestion(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Count == 0 || messages[0].Role != ChatMessage.SystemRole) return messages;
        var others = new List<ChatMessage>(messages);
        bool hasQuestion = others.Count > 1 && others[1].Role == ChatMessage.UserRole;
        string words = hasQuestion ? others[0].Content + "\n\n" + others[1].Content : others[0].Content;
        others.RemoveRange(0, hasQuestion ? 2 : 1);
        others.Insert(0, ChatMessage.User(words));
        return others;
    }

    private void AddLineEnds()
    {
        for (int token = 0; token < _tokenizer.VocabularySize; token++)
        {
            if (!_tokenizer.IsControl(token) && _tokenizer.TokenBytes(token).IndexOf((byte)'\n') >= 0) _stopTokens.Add(token);
        }
    }
}
