using System.Collections.Generic;
using System.IO;
using NUnit.Framework;

namespace EngineLlm.Tests.Launcher;

public sealed class LauncherTests
{
    private LauncherScript _launcher = null!;

    [SetUp]
    public void Prepare() => _launcher = new LauncherScript();

    [TearDown]
    public void CleanUp() => _launcher.Dispose();

    private static string Results(int total, int executed, int passed, int failed, string tests = "") => $"""
        <TestRun><Results>{tests}</Results><ResultSummary outcome="Completed">
        <Counters total="{total}" executed="{executed}" passed="{passed}" failed="{failed}" error="0" timeout="0" aborted="0" />
        </ResultSummary></TestRun>
        """;

    private (int ExitCode, string Output, string Errors) Sum(params string[] results)
    {
        for (int i = 0; i < results.Length; i++)
            _launcher.Write($"results/tests {i}.trx", results[i]);
        return _launcher.Run("sum_results \"$root/results\"");
    }

    [Test]
    public void Results_of_all_projects_are_summed() =>
        Assert.That(Sum(Results(12, 10, 10, 0), Results(30, 30, 30, 0)), Is.EqualTo((0, "40 passed, 0 failed, 2 skipped\n", "")));

    [Test]
    public void One_failure_fails_the_run() =>
        Assert.That(Sum(Results(12, 12, 12, 0), Results(3, 3, 2, 1)), Is.EqualTo((1, "14 passed, 1 failed, 0 skipped\n", "")));

    [Test]
    public void A_run_without_tests_fails()
    {
        Assert.That(_launcher.Run("sum_results \"$root/nowhere\""), Is.EqualTo((1, "0 passed, 0 failed, 0 skipped\n", "")));
        Assert.That(Sum(Results(0, 0, 0, 0)).ExitCode, Is.EqualTo(1));
        Assert.That(Sum(Results(5, 0, 0, 0)), Is.EqualTo((1, "0 passed, 0 failed, 5 skipped\n", "")));
    }

    [Test]
    public void Reasons_for_skipping_are_said_and_counted()
    {
        static string Skipped(string reason) => $"""
            <UnitTestResult testName="A" outcome="NotExecuted"><Output><ErrorInfo>
            <Message>{reason}</Message>
            </ErrorInfo></Output></UnitTestResult>
            <UnitTestResult testName="B" outcome="Passed"><Output><StdOut>no reason</StdOut></Output></UnitTestResult>

            """;
        string tests = Skipped("no &quot;model&quot; &amp; no card") + Skipped("no &quot;model&quot; &amp; no card") + Skipped("other");

        Assert.That(Sum(Results(6, 3, 3, 0, tests)).Errors, Is.EqualTo("skipped 1: other\nskipped 2: no \"model\" & no card\n"));
    }

    [Test]
    public void A_build_is_asked_for_when_a_source_changes_and_not_when_its_time_does()
    {
        _launcher.Write("Directory.Build.props", "<Project/>");
        _launcher.Write("Directory.Packages.props", "<Project/>");
        _launcher.Write("src/EngineLlm.Cli/Program file.cs", "one");
        _launcher.Write("tests/Other.cs", "one");
        string first = Checksum();

        File.SetLastWriteTimeUtc(Path.Combine(_launcher.Root, "src/EngineLlm.Cli/Program file.cs"), System.DateTime.UnixEpoch);
        _launcher.Write("tests/Other.cs", "two");
        Assert.That(Checksum(), Is.EqualTo(first));

        _launcher.Write("src/EngineLlm.Cli/Program file.cs", "two");
        string second = Checksum();
        Assert.That(second, Is.Not.EqualTo(first));

        _launcher.Write("src/EngineLlm/New.cs", "");
        Assert.That(Checksum(), Is.Not.EqualTo(second));
    }

    private string Checksum()
    {
        (int exitCode, string output, string errors) = _launcher.Run("sources_checksum EngineLlm.Cli");
        Assert.That((exitCode, errors), Is.EqualTo((0, "")));
        return output;
    }

    [Test]
    public void A_loader_and_a_driver_are_found_where_the_environment_says()
    {
        _launcher.Write("lib/libvulkan.so.1", "");
        _launcher.Write("data/vulkan/icd.d/some_icd.json", "{}");
        var environment = new Dictionary<string, string>
        {
            ["LD_LIBRARY_PATH"] = $"{_launcher.Root}:{_launcher.Root}/lib",
            ["XDG_DATA_DIRS"] = $"/nowhere:{_launcher.Root}/data",
        };

        Assert.That(_launcher.Run("has_loader && has_driver && echo found", environment).Output, Is.EqualTo("found\n"));
    }

    [Test]
    public void A_slow_step_shows_what_it_does_and_its_output_only_when_it_fails()
    {
        Assert.That(_launcher.Run("run_logged 'doing it' echo fine"), Is.EqualTo((0, "", "enginellm: doing it\n")));
        Assert.That(_launcher.Run("run_logged 'doing it' bash -c 'echo broken; exit 7'"),
            Is.EqualTo((7, "", "enginellm: doing it\nbroken\n")));
    }
}
