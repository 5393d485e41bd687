using System;
using System.Collections.Generic;
using System.Threading;
using EngineLlm.Samples.Tavern;
using EngineLlm.Unity;
using UnityEngine;
using UnityStub;

namespace EngineLlm.UnityHost
{
    /// <summary>A game from its first scene to its end: everything that happens to components, while real characters talk.</summary>
    internal sealed class LifeCycle
    {
        private readonly string _model;

        internal LifeCycle(string model) => _model = model;

        internal void Run()
        {
            TavernBootstrap tavern = null;
            Game.LoadScene(() => tavern = Stage.Tavern(_model));
            ThreeTalk(tavern);
            Turns(tavern.Characters[0].Npc);
            Disabling(tavern.Characters[1].Npc, tavern.Engine);
            Quiet();
            GivingUp();
            Kept();
            Failing();
            Quitting();
        }

        private static void ThreeTalk(TavernBootstrap tavern)
        {
            int frames = Checks.FramesUntil(() => tavern.Engine.State == LlmEngineState.Ready, "the engine is ready");
            Checks.That(frames > 3, "frames go on while the model loads", frames + " frames");
            List<Listener> listeners = tavern.Characters.ConvertAll(character => new Listener(character.Npc));
            Checks.That(tavern.Characters[0].Bubble.text.StartsWith("Good evening"), "a character greets",
                tavern.Characters[0].Bubble.text);
            Fingers.NextButton = TavernCast.Suggestions[0];
            Checks.FramesUntil(() => tavern.Characters.TrueForAll(character => character.Npc.IsTalking), "all three were asked");
            Checks.FramesUntil(() => listeners.TrueForAll(listener => listener.Answers.Count > 0), "all three have answered");
            for (int i = 0; i < listeners.Count; i++)
            {
                TavernCharacter character = tavern.Characters[i];
                Checks.That(listeners[i].Answers.Count == 1 && character.Npc.Text.Length > 0, character.name + " answers once",
                    character.Npc.Text);
                Checks.That(listeners[i].Words == listeners[i].Answers[0], character.name + "'s words make up the answer",
                    listeners[i].Words);
                Checks.That(character.Bubble.text == listeners[i].Answers[0], character.name + "'s bubble shows it", character.Bubble.text);
                Checks.That(listeners[i].AlwaysOnTheMainThread, character.name + "'s events come on the main thread");
            }
            Checks.That(tavern.Engine.Frames.Count > 0 && tavern.Engine.Frames.UpdateMicroseconds(0) > 0, "frame times are kept");
        }

        private static void Turns(LlmNpc npc)
        {
            npc.Persona.EndSentenceAfterCharacters = 0;
            npc.Forget();
            var listener = new Listener(npc);
            Ask(npc, "Tell me a long story.");
            npc.Say("And what happened then?");
            Checks.That(listener.Answers.Count == 1 && listener.Words == listener.Answers[0],
                "an interrupted answer ends at once, with what was said", listener.Words);
            Checks.FramesUntil(() => listener.Answers.Count == 2, "the next answer");
            Checks.That(npc.Text == listener.Answers[1] && !npc.IsTalking, "the next answer comes", npc.Text);
            Ask(npc, "Tell me a long story.");
            npc.Stop();
            Checks.FramesUntil(() => !npc.IsTalking, "the answer stopped");
            Checks.That(listener.Answers.Count == 3 && listener.Answers[2].Length > 0, "a stopped answer is told with what was said");
            Ask(npc, "Tell me a long story.");
            npc.Cancel();
            for (int i = 0; i < 20; i++) Game.Frame();
            Checks.That(!npc.IsTalking && listener.Answers.Count == 3 && listener.Failures.Count == 0,
                "a cancelled answer is told by no event");
            npc.Say("Hello?");
            npc.Cancel();
            Checks.That(!npc.IsTalking, "a question is taken back before it was asked");
            for (int i = 0; i < 20; i++)
            {
                npc.Say("Hello?");
                Game.Frame();
                npc.Cancel();
            }
            npc.Say("Are you there?");
            Checks.FramesUntil(() => !npc.IsTalking, "the answer after many questions");
            Checks.That(listener.Answers.Count == 4 && listener.Failures.Count == 0, "questions that are taken back in a hurry are no error");
        }

        private static void Disabling(LlmNpc npc, LlmEngineComponent engine)
        {
            npc.Persona.EndSentenceAfterCharacters = 0;
            npc.Forget();
            var listener = new Listener(npc);
            Ask(npc, "Tell me a long story.");
            npc.enabled = false;
            Checks.That(!npc.IsTalking && Throws<InvalidOperationException>(() => npc.Say("Hello?")),
                "a disabled character is silent and hears nothing");
            npc.enabled = true;
            npc.Say("Hello?");
            Checks.FramesUntil(() => listener.Answers.Count == 1, "an answer after enabling");
            Ask(npc, "Tell me a long story.");
            engine.enabled = false;
            Game.Frame();
            Checks.That(listener.Failures.Count == 1 && !npc.IsTalking, "an engine that is disabled ends the answer");
            npc.Say("Are you there?");
            engine.enabled = true;
            Checks.FramesUntil(() => listener.Answers.Count == 2, "an answer from the engine that was enabled again");
            Checks.That(npc.Text.Length > 0, "a question waits until the engine is there again", npc.Text);
            Checks.FramesUntil(() => Stage.OpenSessions() == 1, "the first engine has given the device back");
        }

        /// <summary>One character that nobody listens to, so that nothing but the components themselves could allocate.</summary>
        private void Quiet()
        {
            LlmNpc npc = null;
            Game.LoadScene(() =>
            {
                Stage.Engine(_model);
                npc = Stage.Npc("Mira", 400);
            });
            // Once before: the text of a token is made where the token first occurs, and kept.
            Ask(npc, "Tell me a long story.");
            Checks.FramesUntil(() => !npc.IsTalking, "the first story");
            // Measured up to shortly before its end: the end itself tells its listeners, with a string.
            int end = npc.TextSpan.Length - 5;
            npc.Forget();
            Ask(npc, "Tell me a long story.");
            int length = npc.TextSpan.Length, frames = 0;
            Func<long> allocated = Allocation.Counter();
            long before = allocated();
            for (; npc.IsTalking && npc.TextSpan.Length < end; frames++)
            {
                Game.Frame();
                Thread.Yield();
            }
            long bytes = allocated() - before;
            Checks.That(npc.TextSpan.Length > length + 20 && npc.IsTalking, "words come in the frames that are measured", npc.Text);
            Checks.That(bytes == 0, Allocation.IsCounted ? "frames allocate nothing" : "allocation is not counted here",
                bytes + " bytes in " + frames + " frames");
            Checks.FramesUntil(() => Stage.OpenSessions() == 1, "the first scene's engine has given the device back");
            Checks.That(true, "a scene that is left gives the device back");
        }

        private void GivingUp()
        {
            LlmEngineComponent engine = null;
            Game.LoadScene(() => engine = Stage.Engine(_model));
            Checks.FramesUntil(() => engine.LoadProgress > 0, "loading begins");
            engine.enabled = false;
            Checks.That(engine.State == LlmEngineState.Off, "loading is given up at once");
            Checks.FramesUntil(() => Stage.OpenSessions() == 0, "the device given back after loading was given up");
            engine.enabled = true;
            Checks.FramesUntil(() => engine.State == LlmEngineState.Ready, "the engine whose loading was given up");
            Checks.That(Stage.OpenSessions() == 1, "and begins anew");
        }

        private void Kept()
        {
            LlmEngineComponent kept = null, second = null;
            LlmNpc npc = null;
            Game.LoadScene(() => kept = Stage.Engine(_model, isKept: true));
            Checks.FramesUntil(() => kept.State == LlmEngineState.Ready, "the kept engine is ready");
            Game.LoadScene(() =>
            {
                second = Stage.Engine(_model, isKept: true);
                npc = Stage.Npc("Bram");
            });
            Game.Frame();
            Checks.That(second == null && LlmEngineComponent.Current == kept && kept.State == LlmEngineState.Ready,
                "a kept engine goes on, and a second one goes");
            Ask(npc, "Who are you?");
            Checks.FramesUntil(() => !npc.IsTalking, "an answer in the next scene");
            Checks.That(npc.Text.Length > 0, "a character of the next scene answers", npc.Text);
        }

        private static void Failing()
        {
            LlmEngineComponent engine = Stage.Engine(Application.persistentDataPath + "/nowhere.gguf");
            string problem = null;
            engine.OnFailed.AddListener(text => problem = text);
            LlmNpc npc = Stage.Npc("Nobody");
            npc.Engine = engine;
            var listener = new Listener(npc);
            npc.Say("Hello?");
            Checks.FramesUntil(() => listener.Failures.Count == 1, "the failure");
            Checks.That(engine.State == LlmEngineState.Failed && engine.Problem == problem && problem.Contains("nowhere.gguf"),
                "a missing model is said", problem);
            Checks.That(listener.Failures[0] == problem && !npc.IsTalking, "a character without an engine says why");
            UnityEngine.Object.Destroy(engine.gameObject);
        }

        private static void Quitting()
        {
            LlmNpc npc = Stage.Npc("Ysolde", 400);
            Ask(npc, "Tell me a long story.");
            Checks.That(npc.IsTalking && Stage.OpenSessions() == 1, "somebody talks when the game ends");
            Game.Quit();
            Checks.That(Stage.OpenSessions() == 0, "the device is given back at the end");
            Checks.ExpectErrors("EngineLlm: Bram cannot answer. The engine ended", "EngineLlm: Nobody cannot answer.",
                "EngineLlm: " + Application.persistentDataPath + "/nowhere.gguf");
        }

        /// <summary>Asks, and turns frames until the first words are there.</summary>
        private static void Ask(LlmNpc npc, string question)
        {
            npc.Say(question);
            // The text of the answer before stays until this one begins.
            Checks.FramesUntil(() => npc.TextSpan.IsEmpty, "the answer of " + npc.name + " begins");
            Checks.FramesUntil(() => !npc.TextSpan.IsEmpty, "the first words of " + npc.name);
        }

        private static bool Throws<T>(Action action) where T : Exception
        {
            try
            {
                action();
                return false;
            }
            catch (T)
            {
                return true;
            }
        }
    }
}
