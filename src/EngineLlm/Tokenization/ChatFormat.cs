namespace EngineLlm.Tokenization;

/// <summary>What a template writes around the messages of a conversation, as data.</summary>
internal sealed class ChatFormat
{
    /// <summary>What to call it.</summary>
    internal required string Name { get; init; }

    /// <summary>Whether a conversation begins with the vocabulary's first token.</summary>
    internal bool BeginsWithBos { get; init; }

    /// <summary>What surrounds a system message.</summary>
    internal required Turn System { get; init; }

    /// <summary>What surrounds a player's message.</summary>
    internal required Turn User { get; init; }

    /// <summary>What surrounds a message of the model; the beginning is also what makes it answer.</summary>
    internal required Turn Assistant { get; init; }

    /// <summary>A system message for conversations that begin without one, or null.</summary>
    internal string? DefaultSystem { get; init; }

    /// <summary>Whether white space around a message is dropped.</summary>
    internal bool TrimsContent { get; init; }

    /// <summary>Whether an answer ends with its line, for models that know no token for it.</summary>
    internal bool LinesEndTurns { get; init; }

    /// <summary>ChatML, as used by SmolLM2, Qwen and many others.</summary>
    internal static ChatFormat ChatMl(string? defaultSystem) => new()
    {
        Name = "ChatML",
        System = new Turn("<|im_start|>system\n", "<|im_end|>\n"),
        User = new Turn("<|im_start|>user\n", "<|im_end|>\n"),
        Assistant = new Turn("<|im_start|>assistant\n", "<|im_end|>\n"),
        DefaultSystem = defaultSystem,
    };

    /// <summary>Llama 3.</summary>
    internal static ChatFormat Llama3 { get; } = new()
    {
        Name = "Llama 3",
        BeginsWithBos = true,
        System = new Turn("<|start_header_id|>system<|end_header_id|>\n\n", "<|eot_id|>"),
        User = new Turn("<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"),
        Assistant = new Turn("<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>"),
        TrimsContent = true,
    };

    /// <summary>Zephyr, as used by TinyLlama; the vocabulary's last token ends each turn.</summary>
    internal static ChatFormat Zephyr(string endOfText) => new()
    {
        Name = "Zephyr",
        System = new Turn("<|system|>\n", endOfText + "\n"),
        User = new Turn("<|user|>\n", endOfText + "\n"),
        Assistant = new Turn("<|assistant|>\n", endOfText + "\n"),
    };

    /// <summary>Lines of a play, for models that were never taught to chat.</summary>
    internal static ChatFormat Plain(bool beginsWithBos) => new()
    {
        Name = "plain lines",
        BeginsWithBos = beginsWithBos,
        System = new Turn("", "\n\n"),
        User = new Turn("User: ", "\n"),
        Assistant = new Turn("Assistant:", "\n"),
        LinesEndTurns = true,
    };

    /// <summary>What stands before and after a message. Special tokens in it are recognised.</summary>
    internal readonly struct Turn
    {
        internal Turn(string before, string after)
        {
            Before = before;
            After = after;
        }

        internal string Before { get; }

        internal string After { get; }
    }
}
