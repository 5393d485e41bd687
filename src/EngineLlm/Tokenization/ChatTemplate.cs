using System;
using System.Collections.Generic;
using System.Text;
using EngineLlm.Dialogue;

namespace EngineLlm.Tokenization;

/// <summary>
/// Turns conversations into the prompts that a model was taught on. The template's own words are parsed for special tokens, the messages never are:
/// nobody can forge a turn by typing its marks. Encoding is stable: the tokens of a conversation are the first tokens of the same conversation with
/// more messages, and so are those that ask for an answer, once it has been given.
/// </summary>
public sealed class ChatTemplate
{
    private readonly Tokenizer _tokenizer;
    private readonly ChatFormat _format;
    private readonly HashSet<int> _stopTokens;

    private ChatTemplate(Tokenizer tokenizer, ChatFormat format)
    {
        _tokenizer = tokenizer;
        _format = format;
        _stopTokens = new HashSet<int>(tokenizer.EndOfGenerationTokens);
        if (format.LinesEndTurns) AddLineEnds();
    }

    /// <summary>What the template is called, for people.</summary>
    public string Name => _format.Name;

    /// <summary>The tokens that end an answer.</summary>
    public IReadOnlyCollection<int> StopTokens => _stopTokens;

    /// <summary>The template that the model's file carries; plain lines where it carries none.</summary>
    /// <exception cref="UnsupportedModelException">The file carries a template that is not known here.</exception>
    public static ChatTemplate FromModel(Tokenizer tokenizer)
    {
        if (tokenizer.TemplateSource is not { } source) return Plain(tokenizer);
        string endOfText = tokenizer.EosToken >= 0 ? tokenizer.TokenText(tokenizer.EosToken) : "";
        ChatFormat format = ChatTemplateRecognizer.Recognize(source, endOfText) ?? throw new UnsupportedModelException(
            $"{tokenizer.FileName}: the model's chat template is none that is known here (ChatML, Llama 3, Zephyr); characters need a model with one of those.");
        return new ChatTemplate(tokenizer, format);
    }

    /// <summary>ChatML: turns between &lt;|im_start|&gt; and &lt;|im_end|&gt;.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="defaultSystem">The system message of conversations that begin without one; null for none.</param>
    public static ChatTemplate ChatMl(Tokenizer tokenizer, string? defaultSystem = null) => new(tokenizer, ChatFormat.ChatMl(defaultSystem));

    /// <summary>"User: ..." and "Assistant: ..." on lines of their own, for models without a template.</summary>
    public static ChatTemplate Plain(Tokenizer tokenizer) => new(tokenizer, ChatFormat.Plain(tokenizer.AddsBos));

    /// <summary>Whether the token ends an answer.</summary>
    public bool EndsTurn(int token) => _stopTokens.Contains(token);

    /// <summary>Appends the ids of a conversation to a list.</summary>
    /// <param name="messages">The conversation from its beginning.</param>
    /// <param name="addGenerationPrompt">Whether to end with what makes the model answer.</param>
    /// <param name="output">Where the ids go.</param>
    /// <exception cref="EngineLlmException">A role is none of system, user and assistant.</exception>
    public void Encode(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, List<int> output)
    {
        var writer = new TokenWriter(_tokenizer, output);
        if (_format.BeginsWithBos && _tokenizer.BosToken >= 0) writer.AppendToken(_tokenizer.BosToken);
        Walk(messages, addGenerationPrompt, new EncodingSink(writer));
        writer.Flush();
    }

    /// <summary>The prompt as text, as the template's maker would print it. For people and tests; models get <see cref="Encode"/>'s tokens.</summary>
    /// <inheritdoc cref="Encode"/>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        var text = new StringBuilder();
        if (_format.BeginsWithBos && _tokenizer.BosToken >= 0) text.Append(_tokenizer.TokenText(_tokenizer.BosToken));
        Walk(messages, addGenerationPrompt, new TextSink(text));
        return text.ToString();
    }

    private void Walk<T>(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, T sink) where T : struct, ISink
    {
        bool lacksSystem = messages.Count > 0 && messages[0].Role != ChatMessage.SystemRole;
        if (lacksSystem && _format.DefaultSystem != null) WriteTurn(ChatMessage.System(_format.DefaultSystem), sink);
        foreach (ChatMessage message in messages) WriteTurn(message, sink);
        if (addGenerationPrompt) sink.Template(_format.Assistant.Before);
    }

    private void WriteTurn<T>(ChatMessage message, T sink) where T : struct, ISink
    {
        ChatFormat.Turn turn = message.Role switch
        {
            ChatMessage.SystemRole => _format.System,
            ChatMessage.UserRole => _format.User,
            ChatMessage.AssistantRole => _format.Assistant,
            _ => throw new EngineLlmException($"the role \"{message.Role}\" is not known; use system, user or assistant."),
        };
        sink.Template(turn.Before);
        // What the model said was made after these very tokens, so the same text must give them again.
        if (message.Role == ChatMessage.AssistantRole) sink.Break();
        sink.Words(_format.TrimsContent ? message.Content.Trim() : message.Content);
        sink.Template(turn.After);
        sink.Break();
    }

    private void AddLineEnds()
    {
        for (int token = 0; token < _tokenizer.VocabularySize; token++)
        {
            if (!_tokenizer.IsControl(token) && _tokenizer.TokenBytes(token).IndexOf((byte)'\n') >= 0) _stopTokens.Add(token);
        }
    }

    private interface ISink
    {
        void Template(string text);

        void Words(string text);

        void Break();
    }

    private readonly struct EncodingSink : ISink
    {
        private readonly TokenWriter _writer;

        internal EncodingSink(TokenWriter writer) => _writer = writer;

        public void Template(string text) => _writer.Append(text, SpecialTokens.All);

        public void Words(string text) => _writer.Append(text, SpecialTokens.None);

        public void Break() => _writer.Flush();
    }

    private readonly struct TextSink : ISink
    {
        private readonly StringBuilder _text;

        internal TextSink(StringBuilder text) => _text = text;

        public void Template(string text) => _text.Append(text);

        public void Words(string text) => _text.Append(text);

        public void Break() { }
    }
}
