using System.Text;
using EngineLlm.Unity;
using UnityEngine;

namespace EngineLlm.Samples.Tavern
{
    /// <summary>A figure that talks, and the speech bubble over its head, which fills as the words come.</summary>
    public sealed class TavernCharacter : MonoBehaviour
    {
        private readonly StringBuilder _bubble = new StringBuilder();

        /// <summary>The character.</summary>
        public LlmNpc Npc { get; private set; }

        /// <summary>What stands in the bubble.</summary>
        public GUIContent Bubble { get; } = new GUIContent();

        /// <summary>The point over the head where the bubble hangs.</summary>
        public Vector3 Head => transform.position + new Vector3(0, 2.1f, 0);

        /// <summary>Makes a figure of a capsule and a sphere, and lets the persona speak from it.</summary>
        public static TavernCharacter Create(LlmPersona persona, Color color, Vector3 place, Transform room)
        {
            var figure = new GameObject(persona.CharacterName);
            figure.transform.SetParent(room);
            figure.transform.position = place;
            TavernRoom.Shape(PrimitiveType.Capsule, figure.transform, new Vector3(0, 0.75f, 0), new Vector3(0.7f, 0.75f, 0.7f), color);
            TavernRoom.Shape(PrimitiveType.Sphere, figure.transform, new Vector3(0, 1.65f, 0), new Vector3(0.5f, 0.5f, 0.5f),
                new Color(0.9f, 0.75f, 0.62f));
            var character = figure.AddComponent<TavernCharacter>();
            character.Begin(persona);
            return character;
        }

        /// <summary>The player says something to this character.</summary>
        public void Hear(string line)
        {
            // First, since it lets an answer under way come to its end, last words and all.
            Npc.Say(line);
            _bubble.Clear();
            Bubble.text = "…";
        }

        private void Begin(LlmPersona persona)
        {
            Npc = gameObject.AddComponent<LlmNpc>();
            Npc.Persona = persona;
            Npc.OnWords.AddListener(Add);
            Npc.OnFailed.AddListener(problem => Bubble.text = "(" + problem + ")");
            Bubble.text = persona.Greeting;
        }

        private void Add(string words)
        {
            _bubble.Append(words);
            Bubble.text = _bubble.ToString();
        }
    }
}
