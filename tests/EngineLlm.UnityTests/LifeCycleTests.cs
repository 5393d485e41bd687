using System;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace EngineLlm.UnityTests;

/// <summary>The components go through a game's life with real characters, on .NET and with the assemblies of the package.</summary>
public sealed class LifeCycleTests
{
    // What a player finds out by pressing the sample's buttons.
    private static readonly (string Asked, string Fact)[] s_facts =
    [
        ("Mira, Who", "Mira"), ("Bram, Who", "Bram"), ("Ysolde, Who", "Ysolde"),
        ("Mira, What do", "fish stew for two coppers"), ("Bram, What do", "salted herring"), ("Ysolde, What do", "four silver"),
        ("Mira, What happened", "the brass lantern"), ("Bram, What happened", "sea serpent"),
        ("Mira, Can I help", "ten silver"), ("Bram, Can I help", "a new mast"), ("Ysolde, Can I help", "his compass"),
        ("Ysolde, Can I help", "twenty silver"),
    ];

    [Test]
    public void Components_live_through_scenes_and_the_game_ends_while_somebody_talks()
    {
        UnityPackage.Get();
        string model = Repository.SharedModel("stories260k-f32.gguf");

        (int exitCode, string output) = HostRun.Run("dotnet", [HostRun.Player, "life", model, HostRun.Folder()], Validation.Environment);

        TestContext.Out.WriteLine(output);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("finished"));
        Assert.That(output, Does.Contain("ok frames allocate nothing"), "allocation was measured");
        Assert.That(output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)), Is.EqualTo(ExpectedChecks), output);
        Validation.AssertClean(output);
    }

    [Test]
    public void Everybody_in_the_sample_answers_what_it_suggests_with_the_package_s_own_model()
    {
        string model = UnityPackage.Get().PathOf("Runtime/Models/lantern-npc.gguf");

        (int exitCode, string output) = HostRun.Run("dotnet", [HostRun.Player, "tavern", model, HostRun.Folder()], Validation.Environment);

        TestContext.Out.WriteLine(output);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("ok the package's own model takes the likeliest word").And.Contain("ok other models are sampled"));
        string[] lines = output.Split('\n');
        foreach ((string asked, string fact) in s_facts)
            Assert.That(lines.Single(line => line.StartsWith(asked, StringComparison.Ordinal)), Does.Contain(fact), output);
        Validation.AssertClean(output);
    }

    [Test]
    public void On_Android_the_model_is_written_out_of_the_application_s_package_once()
    {
        UnityPackage.Get();
        string model = Repository.SharedModel("stories260k-f32.gguf");

        (int exitCode, string output) = HostRun.Run("dotnet", [HostRun.Player, "android", model, HostRun.Folder()], Validation.Environment);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("ok what cannot be written out is said").And.Contain("finished"));
        Validation.AssertClean(output);
    }

    [Test]
    public void In_the_editor_models_import_builds_get_them_and_reloading_scripts_gives_the_device_back()
    {
        UnityPackage.Get();
        string project = ProjectWith(Repository.SharedModel("stories260k-f32.gguf"));

        (int exitCode, string output) = HostRun.Run("dotnet", [HostRun.Editor, HostRun.Folder()], Validation.Environment, project);

        TestContext.Out.WriteLine(output);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("ok leaving play mode gives the device back in mid-answer").And.Contain("finished"));
        Validation.AssertClean(output);
    }

    private static string ProjectWith(string model)
    {
        string project = Path.Combine(Repository.Output, "project");
        if (Directory.Exists(project)) Directory.Delete(project, recursive: true);
        foreach (string path in new[] { "Assets/Models/used.gguf", "Assets/Models/unused.gguf", "Assets/Models/wanted.gguf",
            "Assets/Resources/refused.gguf",
            "Packages/com.enginellm.runtime/Runtime/Models/own.gguf" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(project, path))!);
            File.Copy(model, Path.Combine(project, path));
        }
        File.WriteAllBytes(Path.Combine(project, "Assets/Models/broken.gguf"), File.ReadAllBytes(model)[..1000]);
        File.Copy(UnityPackage.Get().PathOf("Runtime/link.xml"), Path.Combine(project, "Packages/com.enginellm.runtime/Runtime/link.xml"));
        return project;
    }

    /// <summary>Number of checks in the host: a run that leaves some out is no success.</summary>
    internal const int ExpectedChecks = 36;
}
