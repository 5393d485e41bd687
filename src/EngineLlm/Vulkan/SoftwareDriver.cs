using System;
using System.Runtime.InteropServices;

namespace EngineLlm.Vulkan;

/// <summary>Settings of Mesa's software driver that are read once, from the C environment, when it is loaded.</summary>
internal static class SoftwareDriver
{
    private const string ThreadCount = "LP_NUM_THREADS";

    /// <summary>
    /// Gives the software driver one thread a core unless the user has chosen otherwise. .NET's own environment does not reach native code on
    /// Linux, hence the call into the C library.
    /// </summary>
    internal static void Configure()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux)) return;
        if (Environment.GetEnvironmentVariable(ThreadCount) is not null) return;
        SetEnvironment(ThreadCount, Environment.ProcessorCount.ToString(), 0);
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
