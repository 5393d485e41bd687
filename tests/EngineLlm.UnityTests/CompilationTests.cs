using System;
using System.Linq;
using NUnit.Framework;

namespace EngineLlm.UnityTests;

/// <summary>Glue, editor code and sample compile as Unity compiles them, and newer C# does not.</summary>
public sealed class CompilationTests
{
    [Test]
    public void Everything_compiles_in_the_editor() =>
        Assert.That(CompiledPackage.ForEditor.Definitions.Select(definition => definition.Name), Is.EquivalentTo(new[]
        {
            "EngineLlm.Unity", "EngineLlm.Unity.Editor", "EngineLlm.Samples.Tavern", "EngineLlm.Samples.Tavern.Editor",
        }));

    [Test]
    public void Glue_and_sample_compile_for_a_player_without_the_editor() =>
        Assert.That(CompiledPackage.ForPlayer.Definitions.Select(definition => definition.Name), Is.EquivalentTo(new[]
        {
            "EngineLlm.Unity", "EngineLlm.Samples.Tavern",
        }));

    [TestCase("namespace Game { public sealed class Fine { public EngineLlm.Unity.LlmNpc Npc; } }")]
    [TestCase("namespace Game { public class Fine { public object Make() => new EngineLlm.EngineOptions { ContextLength = 64 }; } }")]
    public void The_setup_compiles_what_it_should(string script) => Assert.That(ErrorsOf(script), Is.Empty);

    [TestCase("namespace Game; public sealed class TooNew { }", "CS8773", TestName = "A file-scoped namespace does not compile")]
    [TestCase("namespace Game { public record TooNew(int Number); }", "CS0518", TestName = "A record does not compile")]
    [TestCase("namespace Game { public class TooNew { public int Number { get; init; } } }", "CS0518",
        TestName = "An init accessor does not compile")]
    [TestCase("global using System;", "CS8773", TestName = "A global using does not compile")]
    [TestCase("class TooNew { string Text = \"\"\"raw\"\"\"; }", "CS8652", TestName = "A raw string does not compile")]
    [TestCase("class TooNew { int[] Numbers = [1, 2]; }", "CS1525", TestName = "A collection expression does not compile")]
    public void Newer_language_does_not_compile(string script, string error) => Assert.That(ErrorsOf(script), Does.Contain(error));

    [Test]
    public void The_glue_s_public_members_need_no_dependency_of_the_runtime() =>
        // A game's scripts see EngineLlm.dll only; a public member with a type of another assembly would not compile there.
        Assert.That(ErrorsOf("""
            namespace Game
            {
                public sealed class Uses
                {
                    public void Everything(EngineLlm.LlmEngine engine, EngineLlm.Dialogue.NpcAnswer answer)
                    {
                        engine.Update(1000);
                        engine.ReadPageMap(new EngineLlm.PageState[4]);
                        answer.TextAdded += (a, text) => { };
                        EngineLlm.Dialogue.Npc npc = engine.CreateNpc(new EngineLlm.Dialogue.NpcOptions { Name = "A" });
                        npc.Say("Hello?").Cancel();
                        engine.Dispose();
                    }
                }
            }
            """), Is.Empty);

    private static string[] ErrorsOf(string script)
    {
        CompiledPackage compiled = CompiledPackage.ForPlayer;
        return compiled.Compiler.ErrorsOf(compiled.Definitions.Single(definition => definition.Name == "EngineLlm.Samples.Tavern"), script);
    }
}
