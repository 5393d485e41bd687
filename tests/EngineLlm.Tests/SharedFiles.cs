using System;
using System.IO;
using NUnit.Framework;

namespace EngineLlm.Tests;

/// <summary>
/// Models and reference outputs that live beside the repository, in ../shared. Where that folder is absent the test is skipped, with a message;
/// with CI=true its absence is a failure.
/// </summary>
internal static class SharedFiles
{
    private static readonly string? s_root = FindRoot();

    internal static string SmolLm2 => PathOf("models", "smollm2-135m-instruct-q4_1.gguf");

    internal static string Stories260K => PathOf("models", "stories260k-f32.gguf");

    /// <summary>The path of a shared file or folder. Skips or fails the calling test where it does not exist.</summary>
    internal static string PathOf(params string[] parts)
    {
        string relative = Path.Combine(parts);
        string? path = s_root == null ? null : Path.Combine(s_root, relative);
        if (path != null && (File.Exists(path) || Directory.Exists(path))) return path;
        string message = $"{Path.Combine("..", "shared", relative)} is not there; this test needs the shared models and reference outputs.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(message);
        Assert.Ignore(message);
        throw new InvalidOperationException(message);
    }

    private static string? FindRoot()
    {
        for (DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory); folder != null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EngineLlm.sln")))
                return folder.Parent == null ? null : Path.Combine(folder.Parent.FullName, "shared");
        }
        return null;
    }
}
