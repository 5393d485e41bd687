using System.Collections.Generic;
using EngineLlm.Unity;
using UnityEngine;

namespace EngineLlm.Samples.Tavern
{
    /// <summary>
    /// Builds the whole scene from nothing: a room, a camera, an engine and three characters. Put it on an empty object of an empty scene,
    /// or use the menu EngineLlm, New Tavern Scene.
    /// </summary>
    public sealed class TavernBootstrap : MonoBehaviour
    {
        [SerializeField, Tooltip("None: the model that comes with the package.")] private LlmModel _model;
        [SerializeField, Tooltip("A file instead: absolute, or below StreamingAssets.")] private string _modelPath = "";
        [SerializeField, Range(0.1f, 33), Tooltip("Device time that a frame can spare, in milliseconds.")]
        private float _budgetMilliseconds = 2;

        /// <summary>The engine, once the scene is built.</summary>
        public LlmEngineComponent Engine { get; private set; }

        /// <summary>The characters, once the scene is built.</summary>
        public List<TavernCharacter> Characters { get; } = new List<TavernCharacter>();

        /// <summary>A file to take as model. Set before the object wakes.</summary>
        public string ModelPath { get => _modelPath; set => _modelPath = value; }

        private void Awake()
        {
            TavernRoom.Build(transform);
            AddEngine();
            LlmPersona[] cast = TavernCast.Create();
            for (int i = 0; i < cast.Length; i++)
            {
                Vector3 place = new Vector3(2.4f * i - 2.4f, 0, 2.5f - 0.6f * (i % 2));
                Characters.Add(TavernCharacter.Create(cast[i], TavernRoom.ColorOf(i), place, transform));
            }
            gameObject.AddComponent<TavernHud>().Show(this);
        }

        private void AddEngine()
        {
            Engine = gameObject.AddComponent<LlmEngineComponent>();
            Engine.Model = _model;
            Engine.ModelPath = _modelPath;
            Engine.BudgetMilliseconds = _budgetMilliseconds;
            Engine.ContextLength = 1024;
        }
    }
}
