using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace EngineLlm.UnityTests;

/// <summary>
/// Vulkan's validation layers, synchronization validation included, turned on for another process, which writes what they say to its
/// output.
/// </summary>
internal static class Validation
{
    private static readonly bool s_isInstalled = new[] { "/usr/share", "/usr/local/share", "/etc" }
        .Any(folder => File.Exists(Path.Combine(folder, "vulkan", "explicit_layer.d", "VkLayer_khronos_validation.json")));

    /// <summary>An environment without them.</summary>
    internal static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>What to add to the process's environment; nothing where the layers are not installed.</summary>
    internal static IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            if (!s_isInstalled)
            {
                if (System.Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("Vulkan's validation layers are not installed.");
                TestContext.Progress.WriteLine("WARNING: the components run without Vulkan's validation layers.");
                return None;
            }
            return new Dictionary<string, string>
            {
                ["VK_INSTANCE_LAYERS"] = "VK_LAYER_KHRONOS_validation",
                ["VK_LAYER_SETTINGS_PATH"] = WriteSettings(),
            };
        }
    }

    /// <summary>Fails where the layers complained, and where they were not there to complain.</summary>
    internal static void AssertClean(string output)
    {
        if (!s_isInstalled) return;
        Assert.That(output, Does.Contain("VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION"), "the layers were there");
        Assert.That(output, Does.Not.Contain("Validation Error").And.Not.Contain("Validation Warning").And.Not.Contain("SYNC-HAZARD"));
    }

    private static string WriteSettings()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Repository.Output, "validation")).FullName;
        File.WriteAllText(Path.Combine(folder, "vk_layer_settings.txt"), """
            khronos_validation.debug_action = VK_DBG_LAYER_ACTION_LOG_MSG
            khronos_validation.log_filename = stdout
            khronos_validation.report_flags = error,warn,info
            khronos_validation.enables = VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT

            """);
        return folder;
    }
}
