using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace EngineLlm.Cli.Verification;

/// <summary>One line of a logits file, as it stands there.</summary>
internal sealed record LogitsLine(string? Text, bool ParseSpecial, int[]? Tokens, TopTokens[]? Top, int[]? Greedy);

/// <summary>The most likely next tokens of one position, best first.</summary>
internal sealed record TopTokens(int[]? Ids, double[]? Logprobs);

/// <summary>One line of a tokenizer file, as it stands there.</summary>
internal sealed record TokensLine(string? Text, bool ParseSpecial, int[]? Ids, string? Decoded);

/// <summary>One model's entry in a templates file, as it stands there.</summary>
internal sealed record TemplateEntry(string? Template, string? BosToken, string? EosToken, TemplateCase[]? Cases);

/// <summary>A conversation and the prompt it must give, or the error that the template must raise.</summary>
internal sealed record TemplateCase(string? Case, TemplateMessage[]? Messages, bool AddGenerationPrompt, string? Prompt, string? Error);

/// <summary>One message of a conversation.</summary>
internal sealed record TemplateMessage(string? Role, string? Content);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LogitsLine))]
[JsonSerializable(typeof(TokensLine))]
[JsonSerializable(typeof(Dictionary<string, TemplateEntry>))]
internal sealed partial class ReferenceJson : JsonSerializerContext;
