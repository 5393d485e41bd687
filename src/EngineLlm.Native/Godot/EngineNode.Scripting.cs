using System;
using System.Linq;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

internal sealed partial class EngineNode
{
    private const ulong BytesPerMebibyte = 1024 * 1024;

    private string _modelPath = "", _device = "";
    private double _budgetMilliseconds = 2;
    private long _contextTokens, _pageMemoryMebibytes, _maxSequences = 16;
    private bool _loadsOnReady = true;

    /// <summary>The class as scripts see it.</summary>
    internal static ClassDefinition Define() =>
        new ClassDefinition<EngineNode>("LlmEngine", "Node", isRuntime: true, static owner => new(owner))
        .Property(new("model_path", VariantType.String, PropertyHints.File, "*.gguf"),
            e => Value.Of(e._modelPath), (e, in v) => e._modelPath = v.AsText)
        .Property(new("budget_ms", VariantType.Float, PropertyHints.Range, "0.1,20,0.1,or_greater"),
            e => Value.Of(e._budgetMilliseconds), (e, in v) => e._budgetMilliseconds = v.AsFloat)
        .Property(new("device", VariantType.String), e => Value.Of(e._device), (e, in v) => e._device = v.AsText)
        .Property(Count("context_tokens", "0,8192,1,or_greater"), e => Value.Of(e._contextTokens), (e, in v) => e._contextTokens = v.AsInt)
        .Property(Count("page_memory_mib", "0,4096,1,or_greater"),
            e => Value.Of(e._pageMemoryMebibytes), (e, in v) => e._pageMemoryMebibytes = v.AsInt)
        .Property(Count("max_sequences", "1,256,1"), e => Value.Of(e._maxSequences), (e, in v) => e._maxSequences = v.AsInt)
        .Property(new("load_on_ready", VariantType.Bool), e => Value.Of(e._loadsOnReady), (e, in v) => e._loadsOnReady = v.AsBool)
        .Method("load_model", e => e.Load())
        .Method("unload_model", e => e.Unload())
        .Method("get_state", VariantType.Int, e => Value.Of((long)e._state))
        .Method("get_progress", VariantType.Float, e => Value.Of(e.Progress))
        .Method("get_error_message", VariantType.String, e => Value.Of(e._error))
        .Method("get_model_name", VariantType.String, e => Value.Of(e.ReadySession?.Engine.ModelName ?? ""))
        .Method("get_device_name", VariantType.String, e => Value.Of(e.ReadySession?.Engine.Device.Name ?? ""))
        .Method("get_statistics", VariantType.Dictionary, e => e.Describe())
        .StaticMethod("list_devices", VariantType.PackedStringArray, ListDevices)
        .Signal("loading", new("stage", VariantType.String), new("fraction", VariantType.Float))
        .Signal("loaded")
        .Signal("failed", new ValueDefinition("message", VariantType.String))
        .Constant("State", "STATE_UNLOADED", (long)EngineNodeState.Unloaded)
        .Constant("State", "STATE_LOADING", (long)EngineNodeState.Loading)
        .Constant("State", "STATE_READY", (long)EngineNodeState.Ready)
        .Constant("State", "STATE_FAILED", (long)EngineNodeState.Failed);

    private double Progress => _state == EngineNodeState.Ready ? 1 : _session?.Progress.Fraction ?? 0;

    private static ValueDefinition Count(string name, string range) => new(name, VariantType.Int, PropertyHints.Range, range);

    private static Value ListDevices()
    {
        try
        {
            return Value.Of([.. DeviceInfo.List().Select(device => device.Name)]);
        }
        catch (VulkanUnavailableException e)
        {
            Log.Error(e);
            return Value.Of(Array.Empty<string>());
        }
    }

    private EngineOptions ToOptions()
    {
        var options = new EngineOptions
        {
            Device = _device.Length == 0 ? null : _device,
            ContextLength = _contextTokens <= 0 ? null : (int)Math.Min(_contextTokens, int.MaxValue),
            PageMemoryBytes = _pageMemoryMebibytes <= 0 ? null : (ulong)_pageMemoryMebibytes * BytesPerMebibyte,
            MaxSequences = (int)Math.Clamp(_maxSequences, 0, int.MaxValue),
        };
        options.Validate();
        return options;
    }

    private Value Describe()
    {
        if (ReadySession is not { } session) return Value.Of(Array.Empty<(string, Value)>());
        EngineStatistics statistics = session.Engine.Statistics;
        return Value.Of(
        [
            ("pages", Value.Of((long)statistics.PageCount)),
            ("pages_used", Value.Of((long)statistics.PagesUsed)),
            ("pages_cached", Value.Of((long)statistics.PagesCached)),
            ("sequences_running", Value.Of((long)statistics.SequencesRunning)),
            ("sequences_waiting", Value.Of((long)statistics.SequencesWaiting)),
            ("tokens_generated", Value.Of(statistics.TokensGenerated)),
            ("tokens_prefilled", Value.Of(statistics.TokensPrefilled)),
            ("tokens_drafted", Value.Of(statistics.TokensDrafted)),
            ("drafts_accepted", Value.Of(statistics.DraftsAccepted)),
            ("device_bytes", Value.Of((long)statistics.DeviceBytes)),
            ("segment_ms", Value.Of(statistics.SegmentMicroseconds / 1000)),
            ("update_ms", Value.Of(session.UpdateMicroseconds / 1000)),
        ]);
    }
}
