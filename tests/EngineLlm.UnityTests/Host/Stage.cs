using System;
using System.Reflection;
using EngineLlm.Samples.Tavern;
using EngineLlm.Unity;
using UnityEngine;

namespace EngineLlm.UnityHost
{
    /// <summary>Scenes, built by hand.</summary>
    internal static class Stage
    {
        /// <summary>The sample, as its menu entry makes it.</summary>
        internal static TavernBootstrap Tavern(string modelPath)
        {
            var tavern = new GameObject("Tavern");
            tavern.SetActive(false);
            var bootstrap = tavern.AddComponent<TavernBootstrap>();
            bootstrap.ModelPath = modelPath;
            tavern.SetActive(true);
            return bootstrap;
        }

        internal static LlmEngineComponent Engine(string modelPath, bool isKept = false)
        {
            var holder = new GameObject("Engine");
            holder.SetActive(false);
            var engine = holder.AddComponent<LlmEngineComponent>();
            engine.ModelPath = modelPath;
            engine.ContextLength = 512;
            engine.KeepAcrossScenes = isKept;
            holder.SetActive(true);
            return engine;
        }

        /// <summary>A character that talks for long and takes the likeliest word.</summary>
        internal static LlmNpc Npc(string name, int maxTokens = 120)
        {
            var persona = ScriptableObject.CreateInstance<LlmPersona>();
            persona.CharacterName = name;
            persona.Persona = "Your name is " + name + ". You keep the tavern, and you offer travellers fish stew and a warm bed.";
            persona.Temperature = 0;
            persona.MaxAnswerTokens = maxTokens;
            persona.EndSentenceAfterCharacters = 0;
            var npc = new GameObject(name).AddComponent<LlmNpc>();
            npc.Persona = persona;
            return npc;
        }

        /// <summary>Number of engines that have something of the device.</summary>
        internal static int OpenSessions()
        {
            Type sessions = typeof(LlmEngineComponent).Assembly.GetType("EngineLlm.Unity.EngineSessions", throwOnError: true);
            return (int)sessions.GetProperty("Count", BindingFlags.Static | BindingFlags.NonPublic).GetValue(null);
        }
    }
}
