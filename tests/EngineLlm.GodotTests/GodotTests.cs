using System.IO;
using System.Linq;
using System.Xml.Linq;
using EngineLlm.NativeTests;
using EngineLlm.Tests;
using NUnit.Framework;

namespace EngineLlm.GodotTests;

/// <summary>
/// The extension in the real engine. The engine exits with 0 even where a script does not parse, so a script counts as passed only if it
/// says so.
/// </summary>
internal sealed class GodotTests
{
    private static readonly string[] s_classes = ["LlmEngine", "LlmNpc", "LlmPersona"];
    private static readonly string s_documentation = Path.Combine(Command.Root, "src", "EngineLlm.Native", "Godot", "Documentation");

    [Test]
    public void ThreeCharactersTalkAtOnceWhileFramesGoOn() => Pass("talk", SharedFiles.SmolLm2);

    [Test]
    public void APersonaAsItIsMadeSpeaksWithTheModelThatComesAlong() =>
        Pass("default", Path.Combine(Command.Root, "models", "npc", "lantern-npc.gguf"));

    [Test]
    public void WrongUseEndsInASignalAndALineInTheLog() => Pass("misuse", SharedFiles.Stories260K, isCleanLog: false);

    // With a model of a megabyte, beside which an engine that is left behind stands out.
    [Test]
    public void TheSceneIsReloadedWithoutGrowth() => Pass("reload", SharedFiles.Stories260K);

    [Test]
    public void TheGameQuitsInMidAnswerFiveTimes()
    {
        for (int i = 0; i < 5; i++) Pass("quit", SharedFiles.SmolLm2);
    }

    [Test]
    public void EveryMemberIsDocumentedAndNothingElse()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Command.BuildFolder, "godot-docs")).FullName;
        Command written = GodotEngine.Run("--path", GodotEngine.Project, "--doctool", folder, "--gdextension-docs");
        Assert.That(written.ExitCode, Is.Zero, written.Report);
        foreach (string name in s_classes)
        {
            XElement registered = XElement.Load(Path.Combine(folder, "doc_classes", $"{name}.xml"));
            XElement documented = XElement.Load(Path.Combine(s_documentation, $"{name}.xml"));
            Assert.That(MembersOf(documented), Is.EqualTo(MembersOf(registered)), name);
            string[] silent = [.. documented.Descendants().Where(IsDescribed).Where(e => TextOf(e).Length == 0).Select(Describe)];
            Assert.That(silent, Is.Empty, $"{name}: members without a word");
        }
    }

    [Test]
    public void AnExportedGameTalks()
    {
        string template = Path.Combine(Path.GetDirectoryName(GodotEngine.Program)!, "export-template");
        if (!File.Exists(template)) Assert.Ignore("GODOT'S EXPORT WAS NOT TESTED: there is no template beside the engine.");
        string presets = Path.Combine(GodotEngine.Project, "export_presets.cfg");
        File.WriteAllText(presets, ExportPreset.For(template));
        string folder = Path.Combine(Command.BuildFolder, "godot-game");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        string game = Path.Combine(folder, "game.x86_64");
        Command exported = GodotEngine.Run("--path", GodotEngine.Project, "--export-release", "Linux", game);
        Assert.That(File.Exists(game) && File.Exists(Path.Combine(folder, "libenginellm_native.so")), exported.Report);
        Command talk = GodotEngine.RunProgram(game, ["--headless"], SharedFiles.SmolLm2);
        Assert.That(talk.Printed, Does.Contain("PASSED game"), talk.Report);
        Assert.That(talk.ExitCode, Is.Zero, talk.Report);
    }

    private static void Pass(string script, string model, bool isCleanLog = true)
    {
        Command run = GodotEngine.RunScript(script, model);
        Assert.That(run.Printed, Does.Contain($"PASSED {script}"), run.Report);
        Assert.That(run.ExitCode, Is.Zero, run.Report);
        if (isCleanLog) Assert.That(run.Printed, Does.Not.Contain("ERROR").And.Not.Contain("WARNING"), run.Report);
        TestContext.Out.WriteLine(run.Printed.Split('\n').First(line => line.StartsWith("PASSED", System.StringComparison.Ordinal)));
    }

    private static string[] MembersOf(XElement page) =>
        [.. page.Descendants().Where(e => e.Attribute("name") is not null).Select(Describe).Order()];

    private static bool IsDescribed(XElement e) =>
        e.Name.LocalName is "method" or "signal" or "member" or "constant" or "brief_description" or "class";

    // Methods and signals have a description inside; members and constants are described by their own text.
    private static string TextOf(XElement e) => (e.Element("description")?.Value ?? e.Value).Trim();

    private static string Describe(XElement e) =>
        $"{e.Parent?.Attribute("name")?.Value} {e.Name.LocalName} {e.Attribute("name")?.Value}: {e.Attribute("type")?.Value} "
        + $"{e.Element("return")?.Attribute("type")?.Value} {e.Attribute("default")?.Value} {e.Attribute("value")?.Value} "
        + e.Attribute("enum")?.Value;
}
