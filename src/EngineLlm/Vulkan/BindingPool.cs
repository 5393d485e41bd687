using System;
using System.Collections.Generic;
using EngineLlm.Kernels;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>What one binding of a shader sees: part of a buffer, and for texel buffers the format of a texel.</summary>
/// <param name="Range">The part.</param>
/// <param name="Format">Format of a texel; undefined for plain storage buffers.</param>
internal readonly record struct Binding(BufferRange Range, Format Format = Format.Undefined)
{
    public static implicit operator Binding(DeviceBuffer buffer) => new(buffer);

    public static implicit operator Binding(BufferRange range) => new(range);
}

/// <summary>A pipeline with its buffers bound, ready to be dispatched. Fixed for its life.</summary>
internal readonly record struct BoundKernel(ComputePipeline Pipeline, DescriptorSet Set);

/// <summary>Makes descriptor sets, once, at load. Owns them and the views of texel buffers.</summary>
internal sealed unsafe class BindingPool : IDisposable
{
    private const uint SetsPerPool = 256;
    private readonly VulkanDevice _device;
    private readonly List<DescriptorPool> _pools = new();
    private readonly List<BufferView> _views = new();
    private uint _setsLeft;

    internal BindingPool(VulkanDevice device) => _device = device;

    /// <summary>Binds buffers to a pipeline, in the order of the shader's bindings.</summary>
    internal BoundKernel Bind(ComputePipeline pipeline, params Binding[] bindings)
    {
        BindingKind[] kinds = pipeline.Shader.Bindings;
        if (bindings.Length != kinds.Length)
        {
            throw new ArgumentException($"{pipeline.Shader.Name} has {kinds.Length} bindings, not {bindings.Length}.", nameof(bindings));
        }
        DescriptorSet set = Allocate(pipeline);
        WriteDescriptorSet* writes = stackalloc WriteDescriptorSet[bindings.Length];
        DescriptorBufferInfo* buffers = stackalloc DescriptorBufferInfo[bindings.Length];
        BufferView* views = stackalloc BufferView[bindings.Length];
        for (int i = 0; i < bindings.Length; i++)
        {
            writes[i] = new WriteDescriptorSet
            {
                SType = StructureType.WriteDescriptorSet,
                DstSet = set,
                DstBinding = (uint)i,
                DescriptorCount = 1,
                DescriptorType = ComputePipeline.TypeOf(kinds[i]),
                PBufferInfo = buffers + i,
                PTexelBufferView = views + i,
            };
            if (kinds[i] is BindingKind.StorageTexelBuffer or BindingKind.UniformTexelBuffer) views[i] = CreateView(bindings[i]);
            else buffers[i] = Describe(pipeline, bindings[i].Range);
        }
        _device.Api.UpdateDescriptorSets(_device.Handle, (uint)bindings.Length, writes, 0, null);
        return new BoundKernel(pipeline, set);
    }

    public void Dispose()
    {
        foreach (DescriptorPool pool in _pools) _device.Api.DestroyDescriptorPool(_device.Handle, pool, null);
        foreach (BufferView view in _views) _device.Api.DestroyBufferView(_device.Handle, view, null);
        _pools.Clear();
        _views.Clear();
    }

    private DescriptorBufferInfo Describe(ComputePipeline pipeline, BufferRange range)
    {
        if (range.Bytes > _device.Physical.Limits.MaxStorageBufferRange)
        {
            throw new EngineLlmException(
                $"{pipeline.Shader.Name} needs {range.Bytes >> 20} MiB in one binding; {_device.Physical.Name} allows {_device.Physical.Limits.MaxStorageBufferRange >> 20} MiB.");
        }
        return new DescriptorBufferInfo { Buffer = range.Buffer.Handle, Offset = range.Offset, Range = range.Bytes };
    }

    private BufferView CreateView(Binding binding)
    {
        var info = new BufferViewCreateInfo
        {
            SType = StructureType.BufferViewCreateInfo,
            Buffer = binding.Range.Buffer.Handle,
            Format = binding.Format,
            Offset = binding.Range.Offset,
            Range = binding.Range.Bytes,
        };
        _device.Api.CreateBufferView(_device.Handle, in info, null, out BufferView view).Check("view a buffer as texels");
        _views.Add(view);
        return view;
    }

    private DescriptorSet Allocate(ComputePipeline pipeline)
    {
        if (_setsLeft == 0) AddPool();
        DescriptorSetLayout layout = pipeline.SetLayout;
        var info = new DescriptorSetAllocateInfo
        {
            SType = StructureType.DescriptorSetAllocateInfo,
            DescriptorPool = _pools[^1],
            DescriptorSetCount = 1,
            PSetLayouts = &layout,
        };
        DescriptorSet set;
        _device.Api.AllocateDescriptorSets(_device.Handle, &info, &set).Check("allocate a descriptor set");
        _setsLeft--;
        return set;
    }

    private void AddPool()
    {
        const uint bindingsPerSet = 16;
        DescriptorPoolSize* sizes = stackalloc DescriptorPoolSize[]
        {
            new DescriptorPoolSize { Type = DescriptorType.StorageBuffer, DescriptorCount = SetsPerPool * bindingsPerSet },
            new DescriptorPoolSize { Type = DescriptorType.StorageTexelBuffer, DescriptorCount = SetsPerPool * 4 },
        };
        var info = new DescriptorPoolCreateInfo
        {
            SType = StructureType.DescriptorPoolCreateInfo,
            MaxSets = SetsPerPool,
            PoolSizeCount = 2,
            PPoolSizes = sizes,
        };
        _device.Api.CreateDescriptorPool(_device.Handle, in info, null, out DescriptorPool pool).Check("create a descriptor pool");
        _pools.Add(pool);
        _setsLeft = SetsPerPool;
    }
}
