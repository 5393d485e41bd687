namespace EngineLlm.Dialogue;

/// <summary>One message of a conversation, as chat templates know it.</summary>
/// <param name="Role">Who speaks: "system", "user" or "assistant".</param>
/// <param name="Content">What is said. Never read as markup or special tokens, whatever it contains.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>Role of the persona or instructions.</summary>
    public const string SystemRole = "system";

    /// <summary>Role of the player.</summary>
    public const string UserRole = "user";

    /// <summary>Role of the model.</summary>
    public const string AssistantRole = "assistant";

    /// <summary>A persona, or instructions.</summary>
    public static ChatMessage System(string content) => new(SystemRole, content);

    /// <summary>What the player says.</summary>
    public static ChatMessage User(string content) => new(UserRole, content);

    /// <summary>What the model says.</summary>
    public static ChatMessage Assistant(string content) => new(AssistantRole, content);
}
