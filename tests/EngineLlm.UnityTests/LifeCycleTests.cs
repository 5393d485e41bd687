using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace EngineLlm.UnityTests;

/// <summary>The components go through a game's life with real characters, on .NET and with the assemblies of the package.</summary>
public sealed class LifeCycleTests
{
    [Test]
    public void Components_live_through_scenes_and_the_game_ends_while_somebody_talks()
    {
        UnityPackage.Get();
        string model = Repository.SharedModel("stories260k-f32.gguf");

        (int exitCode, string output) = HostRun.Run("dotnet", [HostRun.Path, "life", model, HostRun.Folder()], Validation());

        TestContext.Out.WriteLine(output);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("finished"));
        Assert.That(output, Does.Contain("ok frames allocate nothing"), "allocation was measured");
        Assert.That(output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)), Is.EqualTo(ExpectedChecks), output);
        Assert.That(output, Does.Not.Contain("Validation Error").And.Not.Contain("VUID").And.Not.Contain("SYNC-HAZARD"));
    }

    /// <summary>Number of checks in the host: a run that leaves some out is no success.</summary>
    internal const int ExpectedChecks = 33;

    private static Dictionary<string, string> Validation()
    {
        bool hasLayers = new[] { "/usr/share", "/usr/local/share", "/etc" }
            .Any(folder => File.Exists(Path.Combine(folder, "vulkan", "explicit_layer.d", "VkLayer_khronos_validation.json")));
        if (!hasLayers) TestContext.Progress.WriteLine("WARNING: the components' life runs without Vulkan's validation layers.");
        return !hasLayers ? [] : new Dictionary<string, string>
        {
            ["VK_INSTANCE_LAYERS"] = "VK_LAYER_KHRONOS_validation",
            ["VK_LAYER_ENABLES"] = "VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT",
        };
    }
}
