using System;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Models.Weights;

namespace EngineLlm.Cli.Inspecting;

/// <summary>What a model takes of a device's memory, counted by the code that takes it.</summary>
internal static class MemoryInspector
{
    /// <summary>Counts the memory of a model that has been described.</summary>
    /// <exception cref="EngineLlmException">The device cannot hold so much, or no kernel runs the model.</exception>
    internal static MemoryReport Count(GgufFile file, ModelDescription model, InspectRequest request)
    {
        DeviceCapacity device = request.Device ?? DeviceCapacity.Typical;
        EngineOptions options = OptionsFor(model, request);
        LoadedModel.RequireKernels(model);
        StepLimits limits = LoadedModel.ChooseLimits(model, options, device);
        MemoryEstimate memory = MemoryEstimate.Of(new GgufWeights(file), limits, device);
        ulong total = memory.WeightBytes + memory.PageBytes + memory.WorkBytes;
        return new MemoryReport
        {
            Conversations = request.Conversations,
            ContextLength = limits.ContextLength,
            WeightBytes = memory.WeightBytes,
            PageBytes = memory.PageBytes,
            WorkBytes = memory.WorkBytes,
            TotalBytes = total,
            AllocatedBytes = memory.AllocatedDeviceBytes,
            HostBytes = memory.HostBytes,
            DeviceBytes = request.Device?.LocalBytes,
        };
    }

    /// <summary>Why the device has no room; null where it has, or where there is no device.</summary>
    internal static string? ProblemOf(MemoryReport memory, InspectRequest request)
    {
        if (request.Device is not { } device || memory.AllocatedBytes <= device.LocalBytes) return null;
        return $"{ByteSize.Text(memory.AllocatedBytes)} are needed, and {device.Name} has {ByteSize.Text(device.LocalBytes)}; "
            + "ask for fewer or shorter conversations, or choose a smaller model.";
    }

    // What the engine is told for so many conversations: pages for all of them, and as many sequences.
    private static EngineOptions OptionsFor(ModelDescription model, InspectRequest request)
    {
        var options = new EngineOptions { ContextLength = request.ContextLength };
        int context = Math.Min(request.ContextLength ?? EmbeddedModel.DefaultContextOf(model.Name), model.ContextLength);
        int pagesPerContext = (context + options.PageSize - 1) / options.PageSize;
        return options with
        {
            PageCount = checked(pagesPerContext * request.Conversations),
            MaxSequences = Math.Max(options.MaxSequences, request.Conversations),
        };
    }
}
