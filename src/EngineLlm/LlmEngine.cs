using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Dialogue;
using EngineLlm.KvCache;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Models.Weights;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using EngineLlm.Tokenization;

namespace EngineLlm;

/// <summary>
/// A model on a Vulkan device, and everybody who talks with it. A game loads one, makes characters, and calls <see cref="Update"/> once a frame.
/// </summary>
/// <remarks>
/// Every member may be called from any thread. Callbacks and events are raised inside <see cref="Update"/>, on the thread that calls it, and inside
/// the calls that cancel.
/// </remarks>
public sealed class LlmEngine : IDisposable
{
    private readonly LoadedModel _loaded;
    private readonly PagePool _pool;
    private readonly PrefixTree _tree;
    private readonly Scheduler _scheduler;
    private readonly StepDriver _driver;
    private readonly EngineHost _host;
    private readonly object _gate = new();
    private readonly ChatTemplates _chatTemplates;
    private EngineLlmException? _failure;
    private int _waiters;
    private bool _isDisposed;

    internal LlmEngine(LoadedModel loaded)
    {
        _loaded = loaded;
        StepLimits limits = loaded.Limits;
        _pool = new PagePool(limits.PageCount, limits.PageSize);
        WindowPages? windows = limits.WindowPageCount == 0
            ? null
            : new WindowPages(limits.PageCount, limits.WindowPageCount, limits.PageSize, loaded.Model.SlidingWindow);
        _tree = new PrefixTree(_pool, windows);
        _scheduler = new Scheduler(_pool, _tree, new SchedulerLimits(limits.MaxSequences, limits.ContextLength, limits.LookupTokens), windows);
        _driver = new StepDriver(loaded.Device.Compute, loaded.Transformer, _scheduler, limits);
        _chatTemplates = new ChatTemplates(() => Tokenizer);
        _host = new EngineHost(this);
        Device = new DeviceInfo(loaded.Device.Physical);
    }

    /// <summary>The device that the model runs on.</summary>
    public DeviceInfo Device { get; }

    /// <summary>What the model calls itself.</summary>
    public string ModelName => _loaded.Model.Name;

    /// <summary>
    /// How words are chosen where <see cref="NpcOptions.Sampling"/> does not say: for the model that comes with EngineLlm
    /// <see cref="SamplingParameters.Greedy"/>, which is what it was made for; for every other what a new <see cref="SamplingParameters"/> says.
    /// </summary>
    public SamplingParameters DefaultSampling => EmbeddedModel.DefaultSamplingOf(ModelName);

    /// <summary>Tokens that one sequence may have, prompt and answer: the context, or the whole page pool where that is smaller.</summary>
    public int ContextLength => _scheduler.TokenLimit;

    /// <summary>The model's tokenizer.</summary>
    /// <exception cref="UnsupportedModelException">The model has no vocabulary: its weights are random.</exception>
    public Tokenizer Tokenizer => _loaded.Tokenizer ?? throw new UnsupportedModelException("A model of random weights has no vocabulary to talk with.");

    /// <summary>The model's chat template.</summary>
    /// <exception cref="UnsupportedModelException">The model's file carries a template that is not known.</exception>
    public ChatTemplate ChatTemplate => _chatTemplates.For(null);

    /// <summary>True where nothing runs and nothing waits.</summary>
    public bool IsIdle
    {
        get { lock (_gate) return !_scheduler.HasWork && !_driver.HasStep; }
    }

    /// <summary>What the engine is doing and has done.</summary>
    public EngineStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new EngineStatistics
                {
                    PageCount = _pool.PageCount,
                    PagesUsed = _scheduler.UsedPages,
                    PagesCached = _tree.CachedCount,
                    SequencesRunning = _scheduler.RunningCount,
                    SequencesWaiting = _scheduler.WaitingCount,
                    TokensGenerated = _scheduler.TokensGenerated,
                    TokensPrefilled = _driver.TokensPrefilled,
                    TokensDrafted = _scheduler.TokensDrafted,
                    DraftsAccepted = _scheduler.DraftsAccepted,
                    Steps = _driver.Steps,
                    Segments = _driver.Segments,
                    Preemptions = _scheduler.PreemptionCount,
                    SegmentMicroseconds = _driver.SegmentMicroseconds,
                    DeviceBytes = _loaded.DeviceBytes,
                };
            }
        }
    }

    /// <summary>Writes what each page of the pool is used for, in the order of the pool; allocates nothing.</summary>
    /// <param name="pages">[<see cref="EngineStatistics.PageCount"/>] takes the states; a shorter one takes the first of them.</param>
    /// <returns>The number of pages in the pool.</returns>
    public int ReadPageMap(Span<PageState> pages)
    {
        lock (_gate)
        {
            for (int page = 0; page < Math.Min(pages.Length, _pool.PageCount); page++) pages[page] = StateOf(page);
            return _pool.PageCount;
        }
    }

    internal ModelDescription Model => _loaded.Model;

    /// <summary>Pages of sliding layers; 0 where no window is shorter than the context.</summary>
    internal int WindowPageCount => _loaded.Limits.WindowPageCount;

    /// <summary>The engine as dialogue and chat clients see it.</summary>
    internal IEngineHost Host => _host;

    /// <summary>How often any thread has waited for the device: <see cref="Update"/> never adds to it.</summary>
    internal long DeviceWaitCount => _loaded.Device.Compute.WaitCount;

    /// <summary>What Vulkan's validation layers have said; empty where they are off.</summary>
    internal IReadOnlyList<string> ValidationMessages => _loaded.Device.ValidationMessages;

    /// <summary>Loads a model. Takes seconds; see <see cref="LoadAsync"/> for games.</summary>
    /// <param name="modelPath">A GGUF file.</param>
    /// <param name="options">How to set the engine up; null for the defaults.</param>
    /// <param name="progress">Told how far loading is, from any thread.</param>
    /// <param name="cancellation">Gives up loading; whatever was taken is given back.</param>
    /// <exception cref="ModelFormatException">No such file, no GGUF, or damaged.</exception>
    /// <exception cref="UnsupportedModelException">An architecture, tensor type or vocabulary that is not supported.</exception>
    /// <exception cref="VulkanUnavailableException">No Vulkan loader, driver, or device that reaches the floor.</exception>
    /// <exception cref="DeviceNotFoundException">The device asked for does not exist.</exception>
    /// <exception cref="OutOfDeviceMemoryException">The device has no room for the model.</exception>
    /// <exception cref="OperationCanceledException">Loading was given up.</exception>
    public static LlmEngine Load(
        string modelPath, EngineOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default)
    {
        using GgufFile file = GgufFile.Open(modelPath);
        var weights = new GgufWeights(file);
        options ??= new EngineOptions();
        Tokenizer tokenizer = Tokenizer.Create(file, options.PreTokenizer);
        return new LlmEngine(LoadedModel.Load(weights, tokenizer, options, progress, cancellation));
    }

    /// <summary>Loads a model on the thread pool, so that a loading screen goes on.</summary>
    /// <inheritdoc cref="Load"/>
    public static Task<LlmEngine> LoadAsync(
        string modelPath, EngineOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default) =>
        Task.Run(() => Load(modelPath, options, progress, cancellation), cancellation);

    /// <summary>Loads a model that is not in a file, and has no vocabulary: random weights, for benchmarks.</summary>
    internal static LlmEngine LoadSynthetic(
        IWeightSource weights, EngineOptions options, IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default) =>
        new(LoadedModel.Load(weights, null, options, progress, cancellation));

    /// <summary>Makes a character. Costs nothing on the device until it is spoken to.</summary>
    /// <exception cref="PromptTooLongException">The persona leaves no room for a conversation.</exception>
    public Npc CreateNpc(NpcOptions options) => new(_host, options);

    /// <summary>
    /// Call once a frame. Books what the device has finished, raises callbacks, and hands the device as much work as the budget allows. Never waits
    /// for the device.
    /// </summary>
    /// <param name="budgetMicroseconds">Device time that this frame can spare. At least one layer is always handed over, so that work gets on.</param>
    /// <exception cref="DeviceLostException">The driver reset the device. Every answer has ended as failed; load the engine again.</exception>
    public void Update(int budgetMicroseconds)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            try
            {
                _driver.Update(budgetMicroseconds);
            }
            // What a handler throws comes through here as well, and has not harmed the engine.
            catch (EngineLlmException e) when (e is DeviceLostException or OutOfDeviceMemoryException)
            {
                _failure = e;
                _driver.Abandon();
                _scheduler.CancelAll(FinishReason.Failed);
                throw;
            }
        }
    }

    /// <summary>
    /// For programs without frames: waits until an <see cref="Update"/> would have something to do. Never call it from a game's thread.
    /// </summary>
    /// <returns>False where the time ran out first.</returns>
    public bool WaitForProgress(TimeSpan timeout)
    {
        ulong submit;
        lock (_gate)
        {
            ThrowIfUnusable();
            submit = _driver.Submit;
            if (submit == 0) return _scheduler.HasWork || (Monitor.Wait(_gate, timeout) && _scheduler.HasWork);
            _waiters++;
        }
        try
        {
            return _loaded.Device.Compute.Wait(submit, (ulong)(timeout.Ticks * 100));
        }
        finally
        {
            lock (_gate)
            {
                _waiters--;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Ends every answer, waits for the device and gives back everything that was taken from it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _driver.Abandon();
            _scheduler.CancelAll(FinishReason.Failed);
            Monitor.PulseAll(_gate);
            // The device finishes what it was given, so nobody waits for long.
            while (_waiters > 0) Monitor.Wait(_gate);
            _loaded.Dispose();
        }
    }

    /// <summary>Puts a sequence into the queue.</summary>
    /// <exception cref="PromptTooLongException">The prompt and one new token can never fit.</exception>
    internal void Add(Sequence sequence)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            _scheduler.Add(sequence);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends a sequence, wherever it is.</summary>
    internal void Cancel(Sequence sequence)
    {
        lock (_gate) _scheduler.Cancel(sequence);
    }

    /// <summary>Starts a sequence from everything that another one has said so far.</summary>
    /// <inheritdoc cref="Scheduler.Fork"/>
    internal Sequence Fork(Sequence parent, SamplingParameters sampling, int maxNewTokens, ISequenceListener? listener = null)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            Sequence child = _scheduler.Fork(parent, sampling, maxNewTokens, listener);
            Monitor.PulseAll(_gate);
            return child;
        }
    }

    /// <summary>Forgets shared pages that nobody uses, so that the next prompt is computed from its beginning.</summary>
    internal void DropCachedPages()
    {
        lock (_gate) _scheduler.DropCachedPages();
    }

    /// <summary>Proves the books of pages.</summary>
    internal void CheckIntegrity()
    {
        lock (_gate) _scheduler.CheckIntegrity();
    }

    /// <summary>Reads the logits that follow every token of a text. Waits for the device; for comparisons and tests, while nothing else runs.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="receive">Called for every position in order.</param>
    /// <param name="chunkTokens">Tokens a step, at most <see cref="EngineOptions.MaxSequences"/>; 0 for that many.</param>
    /// <exception cref="PromptTooLongException">The text is longer than the context.</exception>
    internal void ReadLogits(ReadOnlySpan<int> tokens, LogitsReceiver receive, int chunkTokens = 0)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            if (!IsIdle) throw new InvalidOperationException("Logits are read while nothing else runs.");
            if (tokens.Length > ContextLength)
            {
                throw new PromptTooLongException($"The text has {tokens.Length} tokens and the context holds {ContextLength}; shorten it or ask for a larger context.");
            }
            _scheduler.DropCachedPages();
            var pages = new int[_pool.PagesFor(tokens.Length)];
            for (int i = 0; i < pages.Length; i++) pages[i] = _pool.Take();
            try
            {
                new LogitsReader(_loaded.Device, _loaded.Transformer, _loaded.Limits).Read(tokens, pages, receive, chunkTokens);
            }
            finally
            {
                foreach (int page in pages) _pool.Return(page);
            }
        }
    }

    private PageState StateOf(int page)
    {
        int references = _pool.ReferenceCount(page);
        if (references == 0) return PageState.Free;
        int sequences = _tree.Contains(page) ? references - 1 : references;
        return sequences switch { 0 => PageState.Cached, 1 => PageState.Used, _ => PageState.Shared };
    }

    private void ThrowIfUnusable()
    {
        if (_isDisposed) throw new ObjectDisposedException(nameof(LlmEngine));
        if (_failure is not null) throw new EngineLlmException($"The engine has stopped: {_failure.Message}", _failure);
    }

    /// <summary>The engine as dialogue sees it.</summary>
    private sealed class EngineHost : IEngineHost
    {
        private readonly LlmEngine _engine;
        private HashSet<int>? _stopTokens;

        internal EngineHost(LlmEngine engine) => _engine = engine;

        public object Gate => _engine._gate;

        public int TokenLimit => _engine.ContextLength;

        public HashSet<int> StopTokens => _stopTokens ??= new HashSet<int>(_engine.ChatTemplate.StopTokens);

        public string ModelName => _engine.ModelName;

        public SamplingParameters DefaultSampling => _engine.DefaultSampling;

        public bool IsIdle => _engine.IsIdle;

        public int[] EncodePrompt(IReadOnlyList<ChatMessage> messages, bool? thinks)
        {
            var tokens = new List<int>();
            _engine._chatTemplates.For(thinks).Encode(messages, addGenerationPrompt: true, tokens);
            return tokens.ToArray();
        }

        public ThinkingSection? Thinking(bool? thinks) => _engine._chatTemplates.For(thinks).Thinking;

        public ITextDecoder CreateDecoder() => new TextDecoder(_engine.Tokenizer, _engine.ChatTemplate.Thinking);

        public void Add(Sequence sequence) => _engine.Add(sequence);

        public void Cancel(Sequence sequence) => _engine.Cancel(sequence);

        public void Update(int budgetMicroseconds) => _engine.Update(budgetMicroseconds);

        public bool WaitForProgress(TimeSpan timeout) => _engine.WaitForProgress(timeout);
    }
}
