using System.Collections.Generic;

namespace EngineLlm.Cli.Scenes;

/// <summary>A place with characters to talk to. Checked by <see cref="SceneReader"/>.</summary>
/// <remarks>
/// What may be left out is settable: generated deserialisers give init-only properties null rather than their initial value.
/// </remarks>
internal sealed record Scene
{
    /// <summary>What the place is called.</summary>
    public required string Name { get; init; }

    /// <summary>What the player sees on entering.</summary>
    public required string Place { get; init; }

    /// <summary>What every character knows; the beginning of every prompt.</summary>
    public string Setting { get; set; } = "";

    /// <summary>[1 to 16] the characters; names are unique, whatever their case.</summary>
    public required IReadOnlyList<Character> Characters { get; init; }

    /// <summary>Lines that the player might try.</summary>
    public IReadOnlyList<string> Suggestions { get; set; } = [];
}

/// <summary>Somebody in a scene.</summary>
internal sealed record Character
{
    /// <summary>What the player calls them.</summary>
    public required string Name { get; init; }

    /// <summary>Who they are, for the player.</summary>
    public string Role { get; set; } = "";

    /// <summary>Who they are, for the model: second person, a few sentences.</summary>
    public required string Persona { get; init; }

    /// <summary>Exchanges that show the model how they talk and what they know.</summary>
    public IReadOnlyList<Example> Examples { get; set; } = [];

    /// <summary>What they say when the player comes in; empty where they wait to be spoken to.</summary>
    public string Greeting { get; set; } = "";
}

/// <summary>What somebody might be asked, and what they would answer.</summary>
internal sealed record Example
{
    /// <summary>What a player might say.</summary>
    public required string Player { get; init; }

    /// <summary>What they would answer.</summary>
    public required string Character { get; init; }
}
