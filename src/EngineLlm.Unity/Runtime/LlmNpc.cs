using System;
using UnityEngine;
using UnityEngine.Events;

namespace EngineLlm.Unity
{
    /// <summary>
    /// A character that talks. Give it a persona, call <see cref="Say"/> with what the player says, and listen to <see cref="OnWords"/> and
    /// <see cref="OnAnswered"/>, or look at <see cref="TextSpan"/> in every frame. Remembers the conversation for as long as its engine
    /// runs.
    /// </summary>
    /// <remarks>
    /// Prompts are made on other threads, and events are raised on the main thread. Between question and end of the answer frames allocate
    /// nothing, except one string for the words of a frame where somebody listens to <see cref="OnWords"/>. The text is the model's: escape
    /// it where your interface reads markup.
    /// </remarks>
    [AddComponentMenu("EngineLlm/LLM Character")]
    [DefaultExecutionOrder(-99)]
    public sealed class LlmNpc : MonoBehaviour
    {
        [SerializeField, Tooltip("None: the first engine that is enabled.")] private LlmEngineComponent _engine;
        [SerializeField] private LlmPersona _persona;
        [SerializeField, Tooltip("Higher goes first where many talk at once.")] private int _priority;
        [SerializeField, Tooltip("The same seed, persona and questions give the same answers.")] private int _seed;
        [SerializeField, Tooltip("Reads the persona beforehand, so that the first answer comes sooner.")] private bool _prepares = true;
        [SerializeField] private UnityEvent<string> _onWords = new UnityEvent<string>();
        [SerializeField] private UnityEvent<string> _onAnswered = new UnityEvent<string>();
        [SerializeField] private UnityEvent<string> _onFailed = new UnityEvent<string>();

        private readonly SpokenText _text = new SpokenText();
        private NpcTalk _talk;
        private string _question;
        private string _shown = "";
        private bool _hasListeners;

        /// <summary>The engine; null for the first one that is enabled.</summary>
        public LlmEngineComponent Engine { get => _engine; set => _engine = value; }

        /// <summary>Who the character is. A change counts from <see cref="Forget"/> on.</summary>
        public LlmPersona Persona { get => _persona; set => _persona = value; }

        /// <summary>Higher goes first where many talk at once. A change counts from <see cref="Forget"/> on.</summary>
        public int Priority { get => _priority; set => _priority = value; }

        /// <summary>The same seed, persona and questions give the same answers. A change counts from <see cref="Forget"/> on.</summary>
        public int Seed { get => _seed; set => _seed = value; }

        /// <summary>Raised with whole words as they come, with the white space behind them.</summary>
        public UnityEvent<string> OnWords
        {
            get
            {
                // Whoever asks for the event is about to listen, and an event does not tell how many do.
                _hasListeners = true;
                return _onWords;
            }
        }

        /// <summary>Raised with the whole answer when it is over, also when it was stopped.</summary>
        public UnityEvent<string> OnAnswered => _onAnswered;

        /// <summary>
        /// Raised with the reason where there is no answer: the question is too long, the persona does not fit, the engine failed.
        /// </summary>
        public UnityEvent<string> OnFailed => _onFailed;

        /// <summary>True from <see cref="Say"/> until the answer is over.</summary>
        public bool IsTalking => _question != null || (_talk != null && _talk.IsAnswering);

        /// <summary>What has been said of the newest answer. Valid until the next frame; allocates nothing.</summary>
        public ReadOnlySpan<char> TextSpan => _text.Span;

        /// <summary>What has been said of the newest answer. Makes a string when it has changed.</summary>
        public string Text
        {
            get
            {
                if (!_text.Span.SequenceEqual(_shown.AsSpan())) _shown = _text.Span.ToString();
                return _shown;
            }
        }

        /// <summary>
        /// The player says something; the answer starts within a few frames, or once the engine is there. An answer under way is cut short
        /// first, events and all, and stays in the conversation as far as it came.
        /// </summary>
        /// <exception cref="ArgumentException">There is no text.</exception>
        /// <exception cref="InvalidOperationException">The character is disabled.</exception>
        public void Say(string playerText)
        {
            if (string.IsNullOrWhiteSpace(playerText)) throw new ArgumentException("The player has to say something.", nameof(playerText));
            if (!isActiveAndEnabled) throw new InvalidOperationException(name + " is disabled and hears nothing.");
            Interrupt();
            _question = playerText;
        }

        /// <summary>Ends the answer. What was said stays in the conversation.</summary>
        public void Stop()
        {
            _question = null;
            if (_talk != null && _talk.Engine == LiveEngine()) _talk.Stop();
        }

        /// <summary>Takes the answer back: the exchange never happened, and no event tells of it.</summary>
        public void Cancel()
        {
            _question = null;
            if (_talk != null && _talk.Engine == LiveEngine()) _talk.Cancel();
        }

        /// <summary>Forgets the conversation, and takes the persona anew.</summary>
        public void Forget()
        {
            Cancel();
            _talk = null;
        }

        private void Interrupt()
        {
            _question = null;
            if (_talk == null || _talk.Engine != LiveEngine() || !_talk.IsAnswering) return;
            _talk.Interrupt();
            Advance(_talk);
        }

        private void OnEnable()
        {
            if (_onWords.GetPersistentEventCount() > 0) _hasListeners = true;
        }

        private void OnDisable()
        {
            Cancel();
            // Whose engine went first has nothing left to go on with.
            if (_talk != null && _talk.Engine != LiveEngine()) _talk = null;
        }

        private void Update()
        {
            LlmEngine engine = LiveEngine();
            if (_talk != null && _talk.Engine != engine) Lose();
            if (_talk == null && engine != null && _persona != null) _talk = Begin(engine);
            if (_talk == null) FailIfHopeless();
            else Advance(_talk);
        }

        private NpcTalk Begin(LlmEngine engine) => new NpcTalk(
            engine, _persona.ToOptions(_priority, (ulong)_seed, engine.DefaultSampling), _persona.EndSentenceAfterCharacters, _prepares, _text);

        private void Advance(NpcTalk talk)
        {
            TalkStep step = talk.Advance();
            if (_hasListeners) RaiseWords(step == TalkStep.Answered);
            // A handler may have changed everything.
            if (talk != _talk) return;
            if (step == TalkStep.Answered) _onAnswered.Invoke(Text);
            else if (step == TalkStep.Failed) Fail(talk.Problem);
            if (talk != _talk || _question == null) return;
            if (talk.IsBroken) Fail(talk.Problem);
            else if (talk.IsIdle) AskNext(talk);
        }

        private void AskNext(NpcTalk talk)
        {
            string question = _question;
            _question = null;
            talk.Ask(question);
        }

        private void RaiseWords(bool isOver)
        {
            ReadOnlySpan<char> words = _text.TakeWords(isOver);
            if (!words.IsEmpty) _onWords.Invoke(words.ToString());
        }

        /// <summary>The engine was closed or has failed, and the conversation with it.</summary>
        private void Lose()
        {
            bool wasTalking = _talk.IsAnswering;
            _talk = null;
            if (wasTalking) Fail("The engine ended before the answer was complete.");
        }

        private void FailIfHopeless()
        {
            if (_question == null) return;
            LlmEngineComponent engine = FindEngine();
            if (engine != null && engine.State == LlmEngineState.Failed) Fail(engine.Problem);
            else if (_persona == null) Fail(name + " has no persona.");
        }

        private void Fail(string problem)
        {
            _question = null;
            Debug.LogError("EngineLlm: " + name + " cannot answer. " + problem, this);
            _onFailed.Invoke(problem);
        }

        private LlmEngine LiveEngine()
        {
            LlmEngineComponent engine = FindEngine();
            return engine == null ? null : engine.Engine;
        }

        private LlmEngineComponent FindEngine() => _engine != null ? _engine : LlmEngineComponent.Current;
    }
}
