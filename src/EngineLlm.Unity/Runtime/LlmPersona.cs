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
        // What others than the package's own model need where the persona does not say.
        private const float SampledRepetitionPenalty = 1.1f;

        [SerializeField] private string _characterName = "Mira";
        [SerializeField, TextArea(2, 6),
            Tooltip("What every character of the place knows. Characters with the same text share its memory.")]
        private string _setting = "";
        [SerializeField, TextArea(3, 10),
            Tooltip("Who the character is, in the second person. The package's own model answers with these sentences: two to nine plain "
                + "ones, each of which can stand alone.")]
        private string _persona = "You are Mira, keeper of the tavern at the crossroads. You sell fish stew for two coppers and dark ale for "
            + "one copper. A bed for the night is five coppers.";
        [SerializeField, TextArea(1, 4), Tooltip("What the character says when the player comes up to it; may be empty.")]
        private string _greeting = "";
        [SerializeField, Tooltip("What a player might ask, and what the character would answer. Small models follow these best; the package's "
            + "own needs none.")]
        private List<LlmExchange> _examples = new List<LlmExchange>();
        [SerializeField, Range(-1, 2), Tooltip("0 always takes the likeliest word; higher is livelier. Below 0: what suits the model.")]
        private float _temperature = -1;
        [SerializeField, Range(0, 2), Tooltip("Above 1 the character repeats itself less. 0: what suits the model.")]
        private float _repetitionPenalty;
        [SerializeField, Min(1)] private int _maxAnswerTokens = 160;
        [SerializeField, Min(0), Tooltip("An answer of so many characters ends with its sentence; 0 lets it go on.")]
        private int _endSentenceAfterCharacters = 120;

        /// <summary>The character's name.</summary>
        public string CharacterName { get => _characterName; set => _characterName = value; }

        /// <summary>What every character of the place knows.</summary>
        public string Setting { get => _setting; set => _setting = value; }

        /// <summary>
        /// Who the character is, told to the model in the second person. The package's own model answers with these sentences: two to nine
        /// plain ones, each of which can stand alone, serve it best.
        /// </summary>
        public string Persona { get => _persona; set => _persona = value; }

        /// <summary>What the character says when the player comes up to it; may be empty.</summary>
        public string Greeting { get => _greeting; set => _greeting = value; }

        /// <summary>Exchanges that show how the character talks and what it knows.</summary>
        public List<LlmExchange> Examples => _examples;

        /// <summary>
        /// 0 always takes the likeliest token; higher is livelier. Below 0 is what suits the model: 0 for the one that comes with the
        /// package, which says what stands in its persona and goes astray otherwise; 0.7 for others.
        /// </summary>
        public float Temperature { get => _temperature; set => _temperature = value; }

        /// <summary>
        /// Above 1 the character repeats itself less; 1 is off. 0 is what suits the model: 1 for the one that comes with the package, 1.1
        /// for others.
        /// </summary>
        public float RepetitionPenalty { get => _repetitionPenalty; set => _repetitionPenalty = value; }

        /// <summary>The most tokens of an answer, at least 1.</summary>
        public int MaxAnswerTokens { get => _maxAnswerTokens; set => _maxAnswerTokens = value; }

        /// <summary>An answer of so many characters ends with its sentence; 0 lets it go on.</summary>
        public int EndSentenceAfterCharacters { get => _endSentenceAfterCharacters; set => _endSentenceAfterCharacters = value; }

        /// <summary>The persona as the runtime takes it.</summary>
        /// <param name="priority">Higher goes first.</param>
        /// <param name="seed">Seed of the choices between likely words.</param>
        /// <param name="defaults">What the persona leaves open: <see cref="LlmEngine.DefaultSampling"/>.</param>
        public NpcOptions ToOptions(int priority, ulong seed, SamplingParameters defaults)
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
                Sampling = defaults with
                {
                    Temperature = _temperature >= 0 ? _temperature : defaults.Temperature,
                    RepetitionPenalty = _repetitionPenalty > 0 ? _repetitionPenalty : PenaltyFor(defaults),
                    Seed = seed,
                },
            };
        }

        private static float PenaltyFor(SamplingParameters defaults) =>
            defaults.Temperature > 0 ? SampledRepetitionPenalty : defaults.RepetitionPenalty;
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
