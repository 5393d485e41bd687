namespace EngineLlm.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        using Interruption interruption = Interruption.Watch();
        return CommandLine.Run(arguments, Terminal.OfProcess(), interruption.Token);
    }
}
