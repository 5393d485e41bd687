using System;
using System.Collections.Generic;
using System.Diagnostics;
using UnityEngine;
using UnityEngine.Events;
using Debug = UnityEngine.Debug;

namespace EngineLlm.Unity
{
    /// <summary>
    /// A language model on the graphics card, updated once a frame within a budget. One in a scene is enough for all its characters. The
    /// model is read on another thread from the first frame after the component is enabled, and given back, also on another thread, when it
    /// is disabled.
    /// </summary>
    /// <remarks>
    /// Characters without an engine of their own use <see cref="Current"/>. Settings count from the next time the component is enabled.
    /// </remarks>
    [AddComponentMenu("EngineLlm/LLM Engine")]
    [DefaultExecutionOrder(-100)]
    [DisallowMultipleComponent]
    public sealed class LlmEngineComponent : MonoBehaviour
    {
        private static readonly List<LlmEngineComponent> s_enabled = new List<LlmEngineComponent>();
        private static LlmEngineComponent s_kept;

        [SerializeField, Tooltip("None: the model that comes with the package.")]
        private LlmModel _model;
        [SerializeField, Tooltip("A file instead: absolute, or below StreamingAssets. For models that players bring.")]
        private string _modelPath = "";
        [SerializeField, Tooltip("Part of a device's name, or its number; empty for the best one.")]
        private string _device = "";
        [SerializeField, Range(0.1f, 33), Tooltip("Device time that a frame can spare for all characters together.")]
        private float _budgetMilliseconds = 2;
        [SerializeField, Min(0),
            Tooltip("Device memory for conversations, beside the model's own; 0 for as much as four full contexts need.")]
        private int _conversationMegabytes;
        [SerializeField, Min(0), Tooltip("Tokens that one conversation may have, at most what the model was trained for; 0 for what suits it.")]
        private int _contextLength;
        [SerializeField, Range(1, 64), Tooltip("Characters that talk at once; others wait.")]
        private int _maxConversations = 8;
        [SerializeField, Tooltip("Goes on when another scene is loaded. A second such engine destroys itself.")]
        private bool _keepAcrossScenes;
        [SerializeField] private UnityEvent _onReady = new UnityEvent();
        [SerializeField] private UnityEvent<string> _onFailed = new UnityEvent<string>();

        private ModelFileRequest _file;
        private EngineSession _session;

        /// <summary>The engine that was enabled first of those that are; null where none is.</summary>
        public static LlmEngineComponent Current => s_enabled.Count == 0 ? null : s_enabled[0];

        /// <summary>What the engine is doing.</summary>
        public LlmEngineState State { get; private set; }

        /// <summary>Why it failed, in one line; empty where it did not.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>How far loading is, 0 to 1.</summary>
        public float LoadProgress => State == LlmEngineState.Ready ? 1 : _session == null ? 0 : _session.Progress;

        /// <summary>
        /// The engine, for what the components do not cover; null unless <see cref="State"/> is Ready. Never dispose of it.
        /// </summary>
        public LlmEngine Engine => State == LlmEngineState.Ready ? _session.Engine : null;

        /// <summary>What the newest frames cost.</summary>
        public FrameHistory Frames { get; } = new FrameHistory();

        /// <summary>The model; null for the package's own one.</summary>
        public LlmModel Model { get => _model; set => _model = value; }

        /// <summary>A file instead of <see cref="Model"/>: absolute, or below StreamingAssets; empty for none.</summary>
        public string ModelPath { get => _modelPath; set => _modelPath = value ?? ""; }

        /// <summary>Part of a device's name, or its number; empty for the best one.</summary>
        public string Device { get => _device; set => _device = value ?? ""; }

        /// <summary>Device time that a frame can spare, in milliseconds. Counts at once.</summary>
        public float BudgetMilliseconds { get => _budgetMilliseconds; set => _budgetMilliseconds = value; }

        /// <summary>Device memory for conversations, in MiB; 0 for as much as four full contexts need.</summary>
        public int ConversationMegabytes { get => _conversationMegabytes; set => _conversationMegabytes = value; }

        /// <summary>Tokens that one conversation may have; 0 for what suits the model.</summary>
        public int ContextLength { get => _contextLength; set => _contextLength = value; }

        /// <summary>Characters that talk at once.</summary>
        public int MaxConversations { get => _maxConversations; set => _maxConversations = value; }

        /// <summary>Goes on when another scene is loaded. Counts where it is set before the component wakes.</summary>
        public bool KeepAcrossScenes { get => _keepAcrossScenes; set => _keepAcrossScenes = value; }

        /// <summary>Raised on the main thread when characters can talk.</summary>
        public UnityEvent OnReady => _onReady;

        /// <summary>Raised on the main thread with the reason when loading failed or the device was lost.</summary>
        public UnityEvent<string> OnFailed => _onFailed;

        private void Awake()
        {
            if (!_keepAcrossScenes) return;
            if (s_kept != null && s_kept != this)
            {
                enabled = false;
                Destroy(gameObject);
                return;
            }
            s_kept = this;
            transform.SetParent(null);
            DontDestroyOnLoad(gameObject);
        }

        private void OnEnable()
        {
            State = LlmEngineState.Off;
            Problem = "";
            Frames.Clear();
            s_enabled.Add(this);
        }

        private void OnDisable()
        {
            s_enabled.Remove(this);
            State = LlmEngineState.Off;
            Release();
        }

        private void OnDestroy()
        {
            if (s_kept == this) s_kept = null;
        }

        private void Update()
        {
            switch (State)
            {
                case LlmEngineState.Off:
                    BeginLoading();
                    break;
                case LlmEngineState.Loading:
                    ContinueLoading();
                    break;
                case LlmEngineState.Ready:
                    Advance();
                    break;
            }
        }

        private void Advance()
        {
            LlmEngine engine = _session.Engine;
            // Closed already: the game ends, or scripts are about to be reloaded.
            if (engine == null) return;
            long start = Stopwatch.GetTimestamp();
            try
            {
                engine.Update(Mathf.Max(1, Mathf.RoundToInt(_budgetMilliseconds * 1000)));
            }
            catch (EngineLlmException e)
            {
                Fail(e.Message);
                return;
            }
            float microseconds = (Stopwatch.GetTimestamp() - start) * (1e6f / Stopwatch.Frequency);
            Frames.Add(microseconds, (float)engine.Statistics.SegmentMicroseconds);
        }

        private void BeginLoading()
        {
            State = LlmEngineState.Loading;
            try
            {
                string path = _modelPath.Length > 0 ? ModelLocation.FindPath(_modelPath) : ModelLocation.Find(_model);
                if (path == null) Fail("There is no model: give " + name + " one (any .gguf file in the project).");
                else _file = new ModelFileRequest(path);
            }
            catch (Exception e) when (e is System.IO.IOException || e is UnauthorizedAccessException)
            {
                Fail(e.Message);
            }
        }

        private void ContinueLoading()
        {
            try
            {
                if (_session == null)
                {
                    if (_file.TryFinish()) _session = new EngineSession(_file.Path, Options());
                    return;
                }
                if (!_session.IsLoaded) return;
            }
            catch (System.IO.IOException e)
            {
                Fail(e.Message);
                return;
            }
            if (_session.Engine == null)
            {
                Fail(_session.Failure == null ? "Loading was given up." : _session.Failure.Message);
                return;
            }
            State = LlmEngineState.Ready;
            _onReady.Invoke();
        }

        private EngineOptions Options() => new EngineOptions
        {
            Device = string.IsNullOrWhiteSpace(_device) ? null : _device,
            ContextLength = _contextLength > 0 ? Mathf.Max(64, _contextLength) : (int?)null,
            MaxSequences = Mathf.Clamp(_maxConversations, 1, 64),
            PageMemoryBytes = _conversationMegabytes > 0 ? (ulong)_conversationMegabytes << 20 : (ulong?)null,
            CacheFolder = Application.persistentDataPath + "/EngineLlm",
        };

        private void Fail(string problem)
        {
            State = LlmEngineState.Failed;
            Problem = problem;
            Release();
            Debug.LogError("EngineLlm: " + problem, this);
            _onFailed.Invoke(problem);
        }

        private void Release()
        {
            if (_file != null) _file.Dispose();
            if (_session != null) _session.Close();
            _file = null;
            _session = null;
        }
    }
}
