namespace EngineLlm.Dialogue;

/// <summary>A character's answer to what the player said.</summary>
public sealed class NpcAnswer : Answer
{
    internal NpcAnswer(IEngineHost host, Npc npc, string playerText, int[] prompt, AnswerOptions options) : base(host, prompt, options)
    {
        Npc = npc;
        PlayerText = playerText;
    }

    /// <summary>Who answers.</summary>
    public Npc Npc { get; }

    /// <summary>What the player said.</summary>
    public string PlayerText { get; }

    private protected override void OnEnded() => Npc.EndTurn(this);
}
