#if !UNITY_EDITOR
using System;
using System.IO;
using EngineLlm.Sampling;
using EngineLlm.Samples.Tavern;
using EngineLlm.Unity;
using UnityEngine;
using UnityStub;

namespace EngineLlm.UnityHost
{
    /// <summary>
    /// Stands for the game that the package is in: `life MODEL FOLDER` goes through a game's life, `answer MODEL FOLDER` prints one answer,
    /// `tavern MODEL FOLDER` asks everybody in the sample what it suggests, `android MODEL FOLDER` takes the model out of an application's package.
    /// </summary>
    public static class Program
    {
        public static int Main(string[] arguments)
        {
            Application.persistentDataPath = arguments[2];
            Application.streamingAssetsPath = arguments[2];
            Game.Begin(typeof(LlmEngineComponent).Assembly);
            try
            {
                if (arguments[0] == "life") new LifeCycle(arguments[1]).Run();
                else if (arguments[0] == "answer") Answer(arguments[1]);
                else if (arguments[0] == "tavern") AskTavern(arguments[1]);
                else Android(arguments[1]);
            }
            catch (TimeoutException e)
            {
                Checks.That(false, "everything comes in time", e.Message);
                Game.Quit();
            }
            Console.WriteLine("finished");
            return Checks.FailureCount == 0 ? 0 : 1;
        }

        private static void Android(string model)
        {
            string data = Application.persistentDataPath;
            Application.streamingAssetsPath = "jar:file://base.apk!" + Path.GetDirectoryName(model);
            string earlier = data + "/EngineLlm/Models/an earlier build/" + Path.GetFileName(model);
            Directory.CreateDirectory(Path.GetDirectoryName(earlier));
            File.WriteAllText(earlier, "");
            LlmEngineComponent engine = Stage.Engine(Path.GetFileName(model));
            Checks.FramesUntil(() => engine.State == LlmEngineState.Ready, "the model of the application's package");
            string[] files = Directory.GetFiles(data + "/EngineLlm/Models", "*", SearchOption.AllDirectories);
            Checks.That(files.Length == 1 && files[0].Contains(Application.buildGUID), "the model was written out once",
                string.Join(" | ", files));
            DateTime written = File.GetLastWriteTimeUtc(files[0]);
            engine.enabled = false;
            engine.enabled = true;
            Checks.FramesUntil(() => engine.State == LlmEngineState.Ready, "the model that was written out");
            Checks.That(File.GetLastWriteTimeUtc(files[0]) == written, "and not again");
            engine.enabled = false;
            engine.ModelPath = "nowhere.gguf";
            engine.enabled = true;
            Checks.FramesUntil(() => engine.State == LlmEngineState.Failed, "the failure");
            Checks.That(engine.Problem.Contains("nowhere.gguf"), "what cannot be written out is said", engine.Problem);
            Game.Quit();
            Checks.ExpectErrors("EngineLlm: The model could not be written");
        }

        private static void AskTavern(string model)
        {
            TavernBootstrap tavern = Stage.Tavern(model);
            Checks.FramesUntil(() => tavern.Engine.State == LlmEngineState.Ready, "the engine is ready");
            tavern.Engine.BudgetMilliseconds = 30;
            foreach (string question in TavernCast.Suggestions)
            {
                tavern.Characters.ForEach(character => character.Hear(question));
                Checks.FramesUntil(() => tavern.Characters.TrueForAll(character => !character.Npc.IsTalking), "all answers");
                foreach (TavernCharacter character in tavern.Characters)
                    Console.WriteLine(character.name + ", " + question + " " + character.Npc.Text.Replace('\n', ' '));
            }
            Defaults();
            Game.Quit();
            Checks.ExpectErrors();
        }

        /// <summary>What a persona leaves open is as its model's default says.</summary>
        private static void Defaults()
        {
            var persona = ScriptableObject.CreateInstance<LlmPersona>();
            var others = new SamplingParameters();
            Checks.That(persona.ToOptions(0, 7, SamplingParameters.Greedy).Sampling == SamplingParameters.Greedy with { Seed = 7 },
                "the package's own model takes the likeliest word");
            Checks.That(persona.ToOptions(0, 7, others).Sampling == others with { RepetitionPenalty = 1.1f, Seed = 7 },
                "other models are sampled");
        }

        private static void Answer(string model)
        {
            Stage.Engine(model);
            LlmNpc npc = Stage.Npc("Mira", 24);
            npc.Say("What do you sell?");
            Checks.FramesUntil(() => !npc.IsTalking, "the answer");
            Console.WriteLine("answer " + npc.Text.Replace('\n', ' '));
            Game.Quit();
            Checks.ExpectErrors();
        }
    }
}
#endif
