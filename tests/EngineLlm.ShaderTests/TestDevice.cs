using System;
using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests;

/// <summary>
/// The device of the whole test run, validation and synchronization validation on. Without any Vulkan driver every test fails, with the
/// name of the
/// package to install. Without the validation layers the tests run all the same and say so; with CI=true they fail.
/// </summary>
[SetUpFixture]
internal sealed class TestDevice
{
    private static KernelHarness? s_harness;
    private static Exception? s_failure;

    internal static KernelHarness Harness =>
        s_harness ?? throw new AssertionException(s_failure?.Message ?? "The device is not open.", s_failure!);

    /// <summary>Runs a check and fails the calling test with everything that is known about the case.</summary>
    internal static void Run(KernelCheck check)
    {
        CheckResult result = check.Run(Harness);
        Assert.That(result.Passed, $"{result} on {Harness.Device.Physical.Name}");
    }

    /// <summary>As <see cref="Run"/>, for the kernels of devices of type CPU; skipped on others.</summary>
    internal static void RunOnLanes(KernelCheck check)
    {
        Vulkan.PhysicalDevice device = Harness.Device.Physical;
        if (!Harness.HasLanes) Assert.Ignore($"This kernel is for subgroups of 8; {device.Name} has {device.SubgroupSize}.");
        Run(check);
    }

    [OneTimeSetUp]
    public void Open()
    {
        try
        {
            s_harness = KernelHarness.Open(requireValidation: Environment.GetEnvironmentVariable("CI") == "true");
            if (s_harness.IsValidated) return;
            TestContext.Progress.WriteLine(
                "WARNING: the Vulkan validation layers are not installed, so these tests run without them. "
                + "On Debian and Ubuntu: apt install vulkan-validationlayers.");
        }
        catch (EngineLlmException e)
        {
            s_failure = e;
        }
    }

    [OneTimeTearDown]
    public void Close() => s_harness?.Dispose();
}
