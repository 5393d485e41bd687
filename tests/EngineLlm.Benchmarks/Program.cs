using System;
using System.Collections.Generic;
using EngineLlm.ShaderTests.Checks;

namespace EngineLlm.Benchmarks;

/// <summary>
/// Checks every kernel on the device of this machine, then times them. No figure is printed for a kernel whose check failed.
/// ENGINELLM_DEVICE chooses the device.
/// </summary>
internal static class Program
{
    private const string Usage = """
        usage: EngineLlm.Benchmarks [--check | --time | --tune] [--only TEXT]
          (nothing)    checks the kernels, then times them
          --check      checks only
          --time       times without checking first
          --tune       times the product in every shape of workgroup, to find the best one for this device
          --only TEXT  only the checks and benchmarks whose name contains the text
        """;

    private static int Main(string[] arguments)
    {
        var options = new HashSet<string>(StringComparer.Ordinal);
        string only = "";
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--only" && i + 1 < arguments.Length) only = arguments[++i];
            else if (arguments[i] is "--check" or "--time" or "--tune") options.Add(arguments[i]);
            else return Fail(Usage);
        }
        try
        {
            return Run(options, only);
        }
        catch (EngineLlmException e)
        {
            return Fail(e.Message);
        }
    }

    private static int Run(HashSet<string> options, string only)
    {
        bool checks = options.Count == 0 || options.Contains("--check");
        if (checks)
        {
            using KernelHarness harness = KernelHarness.Open(requireValidation: false);
            if (!CheckRun.Run(harness, only)) return 1;
        }
        if (options.Count > 0 && !options.Contains("--time") && !options.Contains("--tune")) return 0;
        // Validation costs time, so what is timed runs without it.
        using var timer = new KernelTimer();
        if (options.Contains("--tune"))
        {
            MatmulBenchmark.Tune(timer);
            return 0;
        }
        foreach (IBenchmark benchmark in Benchmarks(timer))
        {
            if (benchmark.Name.Contains(only, StringComparison.OrdinalIgnoreCase)) benchmark.Run();
        }
        return 0;
    }

    private static IEnumerable<IBenchmark> Benchmarks(KernelTimer timer)
    {
        yield return new MatmulBenchmark(timer);
        yield return new AttentionBenchmark(timer);
        yield return new SampleBenchmark(timer);
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}

/// <summary>Times one kernel in several sizes and prints a table.</summary>
internal interface IBenchmark
{
    /// <summary>Stem of the kernel.</summary>
    string Name { get; }

    /// <summary>Times it.</summary>
    void Run();
}
