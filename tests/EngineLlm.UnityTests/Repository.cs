using System;
using System.IO;
using System.Reflection;
using NUnit.Framework;

namespace EngineLlm.UnityTests;

/// <summary>Places that the tests read from.</summary>
internal static class Repository
{
    /// <summary>The repository's root.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The folder of netstandard2.1's reference assemblies.</summary>
    internal static string NetStandard { get; } = FindNetStandard();

    /// <summary>This project's own folder.</summary>
    internal static string Tests => Path.Combine(Root, "tests", "EngineLlm.UnityTests");

    /// <summary>A folder of build output that the tests may fill.</summary>
    internal static string Output => Path.Combine(Root, ".artifacts", "unity-tests");

    /// <summary>A model beside the repository. Skips or fails the calling test where it is absent.</summary>
    internal static string SharedModel(string name)
    {
        string path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "models", name));
        if (!File.Exists(path)) Missing($"../shared/models/{name} is not there; this test needs it.");
        return path;
    }

    /// <summary>Skips the calling test, or fails it under CI=true, where nothing may be missing.</summary>
    internal static void Missing(string message)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(message);
        Skip(message);
    }

    /// <summary>Skips the calling test, and says so while the tests run.</summary>
    internal static void Skip(string message)
    {
        TestContext.Progress.WriteLine($"SKIPPED: {TestContext.CurrentContext.Test.FullName}: {message}");
        Assert.Ignore(message);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EngineLlm.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }

    private static string FindNetStandard()
    {
        foreach (AssemblyMetadataAttribute attribute in typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>())
        {
            if (attribute.Key == "NetStandardReference") return attribute.Value!;
        }
        throw new InvalidOperationException("The build did not name netstandard2.1's reference assemblies.");
    }
}
