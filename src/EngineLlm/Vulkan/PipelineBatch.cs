using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace EngineLlm.Vulkan;

/// <summary>All pipelines of a model: asked for one by one (the same one twice gives the same object), compiled together, freed together.</summary>
internal sealed class PipelineBatch : IDisposable
{
    private readonly VulkanDevice _device;
    private readonly Dictionary<string, ComputePipeline> _byKey = new(StringComparer.Ordinal);
    private readonly List<ComputePipeline> _pipelines = new();

    internal PipelineBatch(VulkanDevice device) => _device = device;

    internal int Count => _pipelines.Count;

    /// <summary>The pipeline of a shader with these constants.</summary>
    internal ComputePipeline Get(Kernels.ShaderDescription shader, params uint[] constants)
    {
        string key = $"{shader.Name}:{string.Join(",", constants)}";
        if (!_byKey.TryGetValue(key, out ComputePipeline? pipeline))
        {
            pipeline = new ComputePipeline(_device, shader, constants);
            _byKey.Add(key, pipeline);
            _pipelines.Add(pipeline);
        }
        return pipeline;
    }

    /// <summary>Compiles what is not compiled yet, on all cores, and keeps the result on disk.</summary>
    /// <param name="progress">Called with the number finished, from any thread.</param>
    /// <param name="cancellation">Stops before the next pipeline.</param>
    internal void Compile(Action<int>? progress = null, CancellationToken cancellation = default)
    {
        int finished = 0;
        try
        {
            Parallel.ForEach(_pipelines, new ParallelOptions { CancellationToken = cancellation }, pipeline =>
            {
                pipeline.Compile();
                progress?.Invoke(Interlocked.Increment(ref finished));
            });
        }
        catch (AggregateException e) when (e.InnerException is EngineLlmException inner)
        {
            throw inner;
        }
        _device.Pipelines.Save();
    }

    public void Dispose()
    {
        foreach (ComputePipeline pipeline in _pipelines) pipeline.Dispose();
        _pipelines.Clear();
        _byKey.Clear();
    }
}
