using System;
using System.Threading;
using EngineLlm.Kernels;
using EngineLlm.Models;
using EngineLlm.Models.Weights;
using EngineLlm.Tokenization;
using EngineLlm.Vulkan;

namespace EngineLlm;

/// <summary>Everything that an engine has on its device: the device itself, memory, kernels, weights and pages. The one owner of them all.</summary>
internal sealed class LoadedModel : IDisposable
{
    // A GPU wants many workgroups even for one sequence; with a few cores splitting only adds the merge.
    private const int GpuSplitTokens = 128;
    private const int CpuSplitTokens = 1024;
    private readonly DeviceMemoryPool _memory;
    private readonly KernelContext _kernels;

    private LoadedModel(VulkanDevice device, DeviceMemoryPool memory, KernelContext kernels, Transformer transformer, StepLimits limits, Tokenizer? tokenizer)
    {
        Device = device;
        _memory = memory;
        _kernels = kernels;
        Transformer = transformer;
        Limits = limits;
        Tokenizer = tokenizer;
    }

    internal VulkanDevice Device { get; }

    internal Transformer Transformer { get; }

    internal StepLimits Limits { get; }

    /// <summary>Null for random weights.</summary>
    internal Tokenizer? Tokenizer { get; }

    internal ModelDescription Model => Transformer.Model;

    internal ulong DeviceBytes => _memory.AllocatedBytes;

    /// <summary>Bytes of the buffers that lie in them.</summary>
    internal ulong BufferBytes => _memory.BufferBytes;

    /// <summary>Opens the device, brings the weights to it and compiles the kernels. What was taken is given back where it fails.</summary>
    internal static LoadedModel Load(
        IWeightSource source, Tokenizer? tokenizer, EngineOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellation)
    {
        options.Validate();
        RequireKernels(source.Description);
        // Each thing taken is freed before the one it was taken from.
        VulkanDevice device = VulkanDevice.Open(options.Device, options.Validation, options.CacheFolder);
        DeviceMemoryPool? memory = null;
        KernelContext? kernels = null;
        Transformer? transformer = null;
        try
        {
            DeviceCapacity capacity = DeviceCapacity.Of(device.Physical);
            if (options.Order is { } order) capacity = capacity with { Order = order };
            StepLimits limits = ChooseLimits(source.Description, options, capacity);
            memory = new DeviceMemoryPool(device);
            kernels = new KernelContext(device, memory, capacity.Order);
            ModelWeights weights = LoadWeights(source, device, memory, capacity.Order, limits, progress, cancellation);
            transformer = new Transformer(kernels, source.Description, weights, limits);
            int pipelines = kernels.Pipelines.Count;
            kernels.Pipelines.Compile(finished => progress?.Report(new LoadProgress("kernels", finished / (pipelines + 1.0))), cancellation);
            transformer.Record();
            progress?.Report(new LoadProgress("kernels", 1));
            return new LoadedModel(device, memory, kernels, transformer, limits, tokenizer);
        }
        catch
        {
            transformer?.Dispose();
            kernels?.Dispose();
            memory?.Dispose();
            device.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Transformer.Dispose();
        _kernels.Dispose();
        _memory.Dispose();
        Device.Dispose();
    }

    /// <summary>Refuses what no kernel computes.</summary>
    /// <exception cref="UnsupportedModelException">The model has heads of an unusual size.</exception>
    internal static void RequireKernels(ModelDescription model)
    {
        if (model.HeadSize % 4 == 0 && model.RopeDimensionCount % 4 == 0) return;
        throw new UnsupportedModelException(
            $"{model.Name}: heads of {model.HeadSize} values, {model.RopeDimensionCount} of them rotated, are not supported; both have to be multiples of 4.");
    }

    private static ModelWeights LoadWeights(
        IWeightSource source, VulkanDevice device, DeviceMemoryPool memory, WeightOrder order, StepLimits limits, IProgress<LoadProgress>? progress,
        CancellationToken cancellation)
    {
        long done = 0;
        double total = Math.Max(1, source.WeightBytes);
        using var loader = new WeightLoader(device, memory, order, Report, cancellation);
        return ModelWeights.Load(source, loader, limits.ContextLength);

        void Report(long bytes)
        {
            done += bytes;
            progress?.Report(new LoadProgress("weights", Math.Min(1, done / total)));
        }
    }

    /// <summary>The sizes that the buffers of a model are made for.</summary>
    /// <exception cref="OutOfDeviceMemoryException">The device cannot bind as much at once.</exception>
    internal static StepLimits ChooseLimits(ModelDescription model, EngineOptions options, DeviceCapacity device)
    {
        int context = Math.Min(options.ContextLength ?? EmbeddedModel.DefaultContextOf(model.Name), model.ContextLength);
        int pagesPerContext = (context + options.PageSize - 1) / options.PageSize;
        var budget = new PageBudget(model, options, context);
        ulong affordable = budget.PagesIn(device.LocalBytes / 8);
        ulong bindable = device.MaxBindingBytes / budget.PageBytes;
        ulong wanted = options.PageCount is { } pages ? (ulong)pages
            : options.PageMemoryBytes is { } bytes ? budget.PagesIn(bytes)
            : Math.Min((ulong)pagesPerContext * 4, Math.Max(affordable, (ulong)pagesPerContext));
        if (options.PageCount is not null && wanted > bindable)
        {
            throw new OutOfDeviceMemoryException($"{device.Name} can bind {bindable} pages at once, and {wanted} were asked for. Ask for fewer pages.");
        }
        int pageCount = (int)Math.Max(1, Math.Min(wanted, bindable));
        var limits = new StepLimits(
            options.MaxTokensPerStep,
            options.MaxSequences,
            context,
            pageCount,
            options.PageSize,
            options.SplitTokens ?? (device.Order == WeightOrder.Lanes ? CpuSplitTokens : GpuSplitTokens),
            options.FloatPages)
        {
            WindowPageCount = budget.WindowPagesFor(pageCount),
            LookupTokens = options.LookupTokens,
        };
        ulong partials = PagedAttention.PartialBytes(model, limits.MaxTokens * limits.MaxSplits);
        if (partials <= device.MaxBindingBytes) return limits;
        throw new OutOfDeviceMemoryException(
            $"Steps of {limits.MaxTokens} tokens with {context} tokens of context need {partials >> 20} MiB in one buffer, and {device.Name} binds "
            + $"{device.MaxBindingBytes >> 20} MiB. Ask for fewer tokens a step, or a shorter context.");
    }
}
