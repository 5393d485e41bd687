using System;
using System.Collections.Generic;
using EngineLlm.Dialogue;
using EngineLlm.Sampling;
using UnityEngine;

namespace EngineLlm.Unity
{
    /// <summary>Who a character is and how it speaks. An asset: several characters, in several scenes, may share one.</summary>
    [CreateAssetMenu(menuName = "EngineLlm/Persona", fileName = "Persona")]
    public sealed class LlmPersona : ScriptableObject
    {
        [SerializeField] private string _characterName = "Mira";
        [SerializeField, TextArea(2, 6),
            Tooltip("What every character of the place knows. Characters with the same text share its memory.")]
        private string _setting = "";
        [SerializeField, TextArea(3, 10),
            Tooltip("Who the character is, in the second person: \"Your name is Mira. You keep the tavern ...\"")]
        private string _persona = "Your name is Mira. You are the friendly keeper of a tavern.";
        [SerializeField, TextArea(1, 4), Tooltip("What the character says when the player comes up to it; may be empty.")]
        private string _greeting = "";
        [SerializeField, Tooltip("What a player might ask, and what the character would answer. Small models follow these best.")]
        private List<LlmExchange> _examples = new List<LlmExchange>();
        [SerializeField, Range(0, 2), Tooltip("0 always takes the likeliest word; higher is livelier.")]
        private float _temperature = 0.7f;
        [SerializeField, Range(1, 2), Tooltip("Above 1 the character repeats itself less.")]
        private float _repetitionPenalty = 1.1f;
        [SerializeField, Min(1)] private int _maxAnswerTokens = 160;
        [SerializeField, Min(0), Tooltip("An answer of so many characters ends with its sentence; 0 lets it go on.")]
        private int _endSentenceAfterCharacters = 120;

        /// <summary>The character's name.</summary>
        public string CharacterName { get => _characterName; set => _characterName = value; }

        /// <summary>What every character of the place knows.</summary>
        public string Setting { get => _setting; set => _setting = value; }

        /// <summary>Who the character is, told to the model in the second person.</summary>
        public string Persona { get => _persona; set => _persona = value; }

        /// <summary>What the character says when the player comes up to it; may be empty.</summary>
        public string Greeting { get => _greeting; set => _greeting = value; }

        /// <summary>Exchanges that show how the character talks and what it knows.</summary>
        public List<LlmExchange> Examples => _examples;

        /// <summary>0 always takes the likeliest token; higher is livelier.</summary>
        public float Temperature { get => _temperature; set => _temperature = value; }

        /// <summary>Above 1 the character repeats itself less; 1 is off.</summary>
        public float RepetitionPenalty { get => _repetitionPenalty; set => _repetitionPenalty = value; }

        /// <summary>The most tokens of an answer, at least 1.</summary>
        public int MaxAnswerTokens { get => _maxAnswerTokens; set => _maxAnswerTokens = value; }

        /// <summary>An answer of so many characters ends with its sentence; 0 lets it go on.</summary>
        public int EndSentenceAfterCharacters { get => _endSentenceAfterCharacters; set => _endSentenceAfterCharacters = value; }

        /// <summary>The persona as the runtime takes it.</summary>
        /// <param name="priority">Higher goes first.</param>
        /// <param name="seed">Seed of the choices between likely words.</param>
        public NpcOptions ToOptions(int priority, ulong seed)
        {
            var examples = new ExampleExchange[_examples.Count];
            for (int i = 0; i < examples.Length; i++) examples[i] = new ExampleExchange(_examples[i].Player, _examples[i].Character);
            return new NpcOptions
            {
                Name = _characterName,
                Persona = _setting.Length == 0 ? _persona : _setting + " " + _persona,
                Examples = examples,
                Greeting = string.IsNullOrWhiteSpace(_greeting) ? null : _greeting,
                MaxAnswerTokens = Math.Max(1, _maxAnswerTokens),
                Priority = priority,
                Sampling = new SamplingParameters
                {
                    Temperature = Mathf.Max(0, _temperature),
                    RepetitionPenalty = Mathf.Max(0.01f, _repetitionPenalty),
                    Seed = seed,
                },
            };
        }
    }

    /// <summary>What a player might ask, and what a character would answer.</summary>
    [Serializable]
    public struct LlmExchange
    {
        /// <summary>What the player says.</summary>
        [TextArea(1, 3)] public string Player;

        /// <summary>What the character answers, in its own voice.</summary>
        [TextArea(1, 4)] public string Character;

        /// <summary>Makes an exchange.</summary>
        public LlmExchange(string player, string character)
        {
            Player = player;
            Character = character;
        }
    }
}
