using System.Collections.Generic;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>What came of one check of one kernel.</summary>
/// <param name="Name">The kernel and every parameter of the case, seed included.</param>
/// <param name="Failure">What was wrong; null where the check passed.</param>
internal readonly record struct CheckResult(string Name, string? Failure)
{
    internal bool Passed => Failure is null;

    public override string ToString() => Passed ? $"{Name}: passed" : $"{Name}: {Failure}";
}

/// <summary>A kernel's checks: the same cases for the test runner and for the console program on a machine without one.</summary>
/// <param name="Name">The kernel and every parameter of the case, seed included.</param>
/// <param name="Body">Runs the case; returns what was wrong, or null.</param>
internal sealed record KernelCheck(string Name, System.Func<KernelSession, string?> Body)
{
    /// <summary>Runs the check. A validation message fails it.</summary>
    internal CheckResult Run(KernelHarness harness)
    {
        int messagesBefore = harness.ValidationMessages.Count;
        string? failure;
        using (var session = new KernelSession(harness)) failure = Body(session);
        IReadOnlyList<string> messages = harness.ValidationMessages;
        if (messages.Count > messagesBefore) failure = $"validation: {messages[messagesBefore]}{(failure is null ? "" : "; " + failure)}";
        return new CheckResult(Name, failure);
    }

    public override string ToString() => Name;
}
