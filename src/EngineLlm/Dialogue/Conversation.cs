using System.Collections.Generic;

namespace EngineLlm.Dialogue;

/// <summary>What a character and the player have said to each other, in whole exchanges.</summary>
/// <remarks>Guarded by the engine's lock.</remarks>
public sealed class Conversation
{
    // A template may insist that the player speaks first.
    private const string UnspokenHello = "Hello.";

    private readonly object _gate;
    private readonly NpcOptions _options;
    private readonly List<Exchange> _exchanges = new();

    internal Conversation(object gate, NpcOptions options)
    {
        _gate = gate;
        _options = options;
        Clear();
    }

    /// <summary>A copy of what the character still remembers, oldest first, without its persona.</summary>
    public IReadOnlyList<ChatMessage> Messages
    {
        get
        {
            var messages = new List<ChatMessage>();
            foreach (Exchange exchange in Snapshot())
            {
                if (exchange.Player != null) messages.Add(ChatMessage.User(exchange.Player));
                messages.Add(ChatMessage.Assistant(exchange.Character));
            }
            return messages;
        }
    }

    /// <summary>Number of exchanges that the character has forgotten, because the context was full.</summary>
    public int Forgotten { get; private set; }

    internal void Add(string player, string character) => _exchanges.Add(new Exchange(player, character));

    /// <summary>Goes back to where the player came up to the character.</summary>
    internal void Clear()
    {
        _exchanges.Clear();
        Forgotten = 0;
        if (_options.Greeting is { } greeting && !string.IsNullOrWhiteSpace(greeting)) _exchanges.Add(new Exchange(null, greeting.Trim()));
    }

    internal void Forget(int count)
    {
        _exchanges.RemoveRange(0, count);
        Forgotten += count;
    }

    internal Exchange[] Snapshot()
    {
        lock (_gate) return _exchanges.ToArray();
    }

    /// <summary>The messages of a prompt: the persona with its examples, the exchanges behind the forgotten ones, and what the player says now.</summary>
    internal List<ChatMessage> ToMessages(Exchange[] remembered, int forgotten, string playerText)
    {
        var messages = new List<ChatMessage>(2 + 2 * (remembered.Length - forgotten));
        if (_options.Persona.Length > 0) messages.Add(ChatMessage.System(_options.Persona));
        foreach (ExampleExchange example in _options.Examples)
        {
            messages.Add(ChatMessage.User(example.Player));
            messages.Add(ChatMessage.Assistant(example.Character));
        }
        for (int i = forgotten; i < remembered.Length; i++)
        {
            messages.Add(ChatMessage.User(remembered[i].Player ?? UnspokenHello));
            messages.Add(ChatMessage.Assistant(remembered[i].Character));
        }
        messages.Add(ChatMessage.User(playerText));
        return messages;
    }

    /// <summary>What the player said, or null where the character spoke first, and what it answered.</summary>
    internal readonly record struct Exchange(string? Player, string Character);
}
