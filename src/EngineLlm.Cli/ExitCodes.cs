namespace EngineLlm.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCodes
{
    /// <summary>It did what was asked.</summary>
    internal const int Success = 0;

    /// <summary>The results of this machine are wrong: outside the tolerance of `verify`, or not fit to be timed by `bench`.</summary>
    internal const int OutsideTolerance = 1;

    /// <summary>Bad arguments, a bad file, or a machine that cannot do it: the message says what to change.</summary>
    internal const int BadInput = 2;

    /// <summary>An error of EngineLlm's own (EX_SOFTWARE of sysexits.h).</summary>
    internal const int InternalError = 70;

    /// <summary>Stopped by Ctrl-C (128 plus SIGINT).</summary>
    internal const int Interrupted = 130;
}
