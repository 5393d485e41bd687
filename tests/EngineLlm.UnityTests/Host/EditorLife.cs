#if UNITY_EDITOR
using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using EngineLlm.Samples.Tavern;
using EngineLlm.Samples.Tavern.Editor;
using EngineLlm.Unity;
using EngineLlm.Unity.Editor;
using UnityEditor;
using UnityEditor.AssetImporters;
using UnityEditor.Build;
using UnityEditor.UnityLinker;
using UnityEngine;
using UnityStub;

namespace EngineLlm.UnityHost
{
    /// <summary>The editor's side: importing, building, inspecting, reloading. The current folder is the project.</summary>
    internal static class EditorLife
    {
        private const string Own = "Packages/com.enginellm.runtime/Runtime/Models/own.gguf";
        private const string Used = "Assets/Models/used.gguf";
        private const string Unused = "Assets/Models/unused.gguf";
        private const string Wanted = "Assets/Models/wanted.gguf";
        private const string Refused = "Assets/Resources/refused.gguf";
        private const string Broken = "Assets/Models/broken.gguf";
        private static readonly Assembly s_editor = typeof(GgufImporter).Assembly;

        public static int Main(string[] arguments)
        {
            Application.persistentDataPath = arguments[0];
            Game.Begin(typeof(LlmEngineComponent).Assembly);
            RuntimeHelpers.RunClassConstructor(s_editor.GetType("EngineLlm.Unity.Editor.EngineShutdown", true).TypeHandle);
            Import();
            Build();
            Play();
            Console.WriteLine("finished");
            return Checks.FailureCount == 0 ? 0 : 1;
        }

        private static void Import()
        {
            Import(Used, GgufInBuild.WhenUsed);
            Func<long> allocated = Allocation.Counter();
            long before = allocated();
            LlmModel model = Import(Own, GgufInBuild.WhenUsed);
            long bytes = allocated() - before, size = new FileInfo(Own).Length;
            bool isRead = model.Architecture == "llama" && model.FileBytes == size && model.ContextLength > 0 && model.Problem == "";
            Checks.That(model.ModelName.Length > 0 && isRead, "a model's asset says what its file says",
                model.ModelName + ", " + model.Architecture + ", " + model.Problem);
            // Names and vocabulary are read, weights are not.
            Checks.That(bytes < size / 4, "importing keeps the file out of managed memory", bytes + " bytes for a file of " + size);
            Import(Unused, GgufInBuild.WhenUsed);
            Import(Wanted, GgufInBuild.Always);
            Import(Refused, GgufInBuild.Never);
            var importer = new GgufImporter();
            var context = new AssetImportContext(Broken);
            importer.OnImportAsset(context);
            Checks.That(((LlmModel)context.mainObject).Problem.Contains("broken.gguf") && context.Log[0].StartsWith("error: "),
                "a broken file imports with its problem", context.Log[0]);
        }

        private static LlmModel Import(string path, GgufInBuild inBuild)
        {
            var importer = new GgufImporter();
            importer.InBuild = inBuild;
            var context = new AssetImportContext(path);
            importer.OnImportAsset(context);
            Project.Assets[path] = context.mainObject;
            Project.Importers[path] = importer;
            return (LlmModel)context.mainObject;
        }

        private static void Build()
        {
            Project.Dependencies["Assets/Tavern.unity"] = new[] { Used };
            var processor = (BuildPlayerProcessor)New("ModelBuildProcessor");
            var context = new BuildPlayerContext(new BuildPlayerOptions { scenes = new[] { "Assets/Tavern.unity" } });
            processor.PrepareForBuild(context);
            var files = new List<string>();
            foreach (KeyValuePair<string, string> copy in context.Copies)
                files.Add(copy.Key + " from " + Path.GetRelativePath(".", copy.Value));
            files.Sort(StringComparer.Ordinal);
            string expected = "EngineLlm/embedded.gguf from " + Own + ", EngineLlm/guid of " + Used + ".gguf from " + Used
                + ", EngineLlm/guid of " + Wanted + ".gguf from " + Wanted;
            string found = string.Join(", ", files);
            Checks.That(found == expected, "a build gets the models that it uses", found);
            var linker = (IUnityLinkerProcessor)New("LinkXml");
            Checks.That(File.Exists(linker.GenerateAdditionalLinkXmlFile(null, null)), "the linker gets the package's link.xml");
        }

        private static void Play()
        {
            TavernMenu.Create();
            TavernBootstrap tavern = Selection.activeGameObject.GetComponent<TavernBootstrap>();
            Checks.FramesUntil(() => tavern.Engine.State == LlmEngineState.Ready, "the package's own model");
            LlmNpc npc = tavern.Characters[0].Npc;
            npc.Persona.EndSentenceAfterCharacters = 0;
            npc.Say("Tell me a long story.");
            Checks.FramesUntil(() => !npc.TextSpan.IsEmpty, "the first words");
            Inspect(tavern.Engine, npc);
            Game.ReloadScripts(AssemblyReloadEvents.Raise);
            Checks.That(Stage.OpenSessions() == 0, "reloading scripts gives the device back in mid-answer");
            Checks.FramesUntil(() => tavern.Engine.State == LlmEngineState.Ready, "the engine after reloading");
            npc.Say("Who are you?");
            Checks.FramesUntil(() => npc.IsTalking && !npc.TextSpan.IsEmpty, "the first words after reloading");
            Checks.That(true, "characters talk after reloading");
            Game.Quit();
            Checks.That(Stage.OpenSessions() == 0, "leaving play mode gives the device back in mid-answer");
            Checks.ExpectErrors();
        }

        private static void Inspect(LlmEngineComponent engine, LlmNpc npc)
        {
            Draw("LlmEngineInspector", engine);
            string lines = string.Join("\n", EditorGUILayout.Lines);
            string pages = EditorGUILayout.Lines.Find(line => line.StartsWith("Pages: "));
            Checks.That(pages != null && !pages.StartsWith("Pages: 0 used (blue), 0 shared"), "the inspector maps the pages", lines);
            Checks.That(EditorGUILayout.Lines.Exists(line => line.StartsWith("Newest frame: ")), "the inspector shows frame times", lines);
            Draw("LlmNpcInspector", npc);
            Checks.That(EditorGUILayout.Lines.Contains("None: " + npc.Text), "the character's inspector shows what it says",
                string.Join("\n", EditorGUILayout.Lines));
            Draw("LlmModelInspector", Project.Assets[Own]);
            Checks.That(EditorGUILayout.Lines.Contains("Architecture: llama"), "the model's inspector shows what it is");
        }

        private static object New(string type) =>
            Activator.CreateInstance(s_editor.GetType("EngineLlm.Unity.Editor." + type, true), true);

        private static void Draw(string inspector, UnityEngine.Object target)
        {
            EditorGUILayout.Lines.Clear();
            var editor = (UnityEditor.Editor)New(inspector);
            editor.target = target;
            // Twice, since the first time sizes the map and the second finds it there.
            editor.OnInspectorGUI();
            EditorGUILayout.Lines.Clear();
            editor.OnInspectorGUI();
            editor.GetType().GetMethod("OnDisable", BindingFlags.Instance | BindingFlags.NonPublic)?.Invoke(editor, null);
        }
    }
}
#endif
