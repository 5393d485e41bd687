using System;
using EngineLlm.Unity;
using UnityEngine;
using UnityStub;

namespace EngineLlm.UnityHost
{
    /// <summary>
    /// Stands for the game that the package is in: `life MODEL FOLDER` goes through a game's life, `answer MODEL FOLDER` prints one answer.
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
                else Answer(arguments[1]);
            }
            catch (TimeoutException e)
            {
                Checks.That(false, "everything comes in time", e.Message);
                Game.Quit();
            }
            Console.WriteLine("finished");
            return Checks.FailureCount == 0 ? 0 : 1;
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
