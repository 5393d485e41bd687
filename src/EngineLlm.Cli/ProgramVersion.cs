namespace EngineLlm.Cli;

/// <summary>The one version number, as the runtime's assembly carries it.</summary>
internal static class ProgramVersion
{
    internal static string Text => typeof(EngineLlmException).Assembly.GetName().Version!.ToString(3);
}
