using System;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>
/// One command buffer: recorded once, submitted as often as one likes. Barriers name exactly what they order, since a wide mask costs more than
/// twice as much on current hardware.
/// </summary>
internal sealed unsafe class CommandList
{
    private readonly VulkanDevice _device;
    private ComputePipeline? _bound;

    internal CommandList(VulkanDevice device, CommandBuffer handle)
    {
        _device = device;
        Handle = handle;
    }

    internal CommandBuffer Handle { get; }

    /// <summary>Starts recording.</summary>
    /// <param name="once">True where the commands are submitted once only.</param>
    internal void Begin(bool once = false)
    {
        _bound = null;
        var info = new CommandBufferBeginInfo
        {
            SType = StructureType.CommandBufferBeginInfo,
            Flags = once ? CommandBufferUsageFlags.OneTimeSubmitBit : 0,
        };
        _device.Api.BeginCommandBuffer(Handle, in info).Check("begin recording");
    }

    internal void End() => _device.Api.EndCommandBuffer(Handle).Check("end recording");

    /// <summary>Dispatches workgroups of a kernel.</summary>
    internal void Dispatch<TPush>(in BoundKernel kernel, in TPush push, int x, int y = 1, int z = 1) where TPush : unmanaged
    {
        Prepare(kernel, push);
        _device.Api.CmdDispatch(Handle, (uint)x, (uint)y, (uint)z);
    }

    /// <summary>Dispatches as many workgroups as three uints in a buffer say.</summary>
    internal void DispatchIndirect<TPush>(in BoundKernel kernel, in TPush push, BufferRange arguments) where TPush : unmanaged
    {
        Prepare(kernel, push);
        _device.Api.CmdDispatchIndirect(Handle, arguments.Buffer.Handle, arguments.Offset);
    }

    /// <summary>What shaders wrote becomes visible to the shaders that follow.</summary>
    internal void BarrierBetweenShaders() => Barrier(
        PipelineStageFlags.ComputeShaderBit, AccessFlags.ShaderWriteBit, PipelineStageFlags.ComputeShaderBit, AccessFlags.ShaderReadBit | AccessFlags.ShaderWriteBit);

    /// <summary>What shaders wrote becomes visible to the host, once the submit has finished.</summary>
    internal void BarrierToHost() => Barrier(
        PipelineStageFlags.ComputeShaderBit | PipelineStageFlags.TransferBit, AccessFlags.ShaderWriteBit | AccessFlags.TransferWriteBit,
        PipelineStageFlags.HostBit, AccessFlags.HostReadBit);

    /// <summary>Orders copies with the shaders before and after them.</summary>
    internal void BarrierBetweenShadersAndCopies() => Barrier(
        PipelineStageFlags.ComputeShaderBit | PipelineStageFlags.TransferBit, AccessFlags.ShaderWriteBit | AccessFlags.TransferWriteBit,
        PipelineStageFlags.ComputeShaderBit | PipelineStageFlags.TransferBit,
        AccessFlags.ShaderReadBit | AccessFlags.ShaderWriteBit | AccessFlags.TransferReadBit | AccessFlags.TransferWriteBit);

    /// <summary>What a copy wrote becomes visible to shaders and to indirect dispatches.</summary>
    internal void BarrierAfterUpload() => Barrier(
        PipelineStageFlags.TransferBit, AccessFlags.TransferWriteBit,
        PipelineStageFlags.ComputeShaderBit | PipelineStageFlags.DrawIndirectBit, AccessFlags.ShaderReadBit | AccessFlags.IndirectCommandReadBit);

    internal void Copy(BufferRange source, BufferRange destination)
    {
        if (source.Bytes != destination.Bytes) throw new ArgumentException("A copy needs two ranges of one size.", nameof(destination));
        var region = new BufferCopy { SrcOffset = source.Offset, DstOffset = destination.Offset, Size = source.Bytes };
        _device.Api.CmdCopyBuffer(Handle, source.Buffer.Handle, destination.Buffer.Handle, 1, in region);
    }

    internal void Fill(BufferRange range, uint value) =>
        _device.Api.CmdFillBuffer(Handle, range.Buffer.Handle, range.Offset, range.Bytes, value);

    internal void WriteTimestamp(TimestampPool pool, int index) =>
        _device.Api.CmdWriteTimestamp(Handle, PipelineStageFlags.ComputeShaderBit, pool.Handle, (uint)index);

    internal void ResetTimestamps(TimestampPool pool, int first, int count) =>
        _device.Api.CmdResetQueryPool(Handle, pool.Handle, (uint)first, (uint)count);

    private void Prepare<TPush>(in BoundKernel kernel, in TPush push) where TPush : unmanaged
    {
        Vk api = _device.Api;
        if (!ReferenceEquals(_bound, kernel.Pipeline))
        {
            api.CmdBindPipeline(Handle, PipelineBindPoint.Compute, kernel.Pipeline.Handle);
            _bound = kernel.Pipeline;
        }
        DescriptorSet set = kernel.Set;
        api.CmdBindDescriptorSets(Handle, PipelineBindPoint.Compute, kernel.Pipeline.Layout, 0, 1, &set, 0, null);
        int size = kernel.Pipeline.Shader.PushConstantSize;
        if (size == 0) return;
        if (sizeof(TPush) != size) throw new ArgumentException($"{kernel.Pipeline.Shader.Name} takes {size} bytes of push constants, not {sizeof(TPush)}.");
        fixed (TPush* values = &push) api.CmdPushConstants(Handle, kernel.Pipeline.Layout, ShaderStageFlags.ComputeBit, 0, (uint)size, values);
    }

    private void Barrier(PipelineStageFlags from, AccessFlags written, PipelineStageFlags to, AccessFlags read)
    {
        var barrier = new MemoryBarrier { SType = StructureType.MemoryBarrier, SrcAccessMask = written, DstAccessMask = read };
        _device.Api.CmdPipelineBarrier(Handle, from, to, 0, 1, &barrier, 0, null, 0, null);
    }
}

/// <summary>Makes command lists for one queue, and frees them together.</summary>
internal sealed unsafe class CommandListPool : IDisposable
{
    private readonly VulkanDevice _device;
    private readonly CommandPool _handle;

    internal CommandListPool(VulkanDevice device, DeviceQueue queue)
    {
        _device = device;
        var info = new CommandPoolCreateInfo
        {
            SType = StructureType.CommandPoolCreateInfo,
            Flags = CommandPoolCreateFlags.ResetCommandBufferBit,
            QueueFamilyIndex = queue.Family,
        };
        device.Api.CreateCommandPool(device.Handle, in info, null, out _handle).Check("create a command pool");
    }

    internal CommandList Create()
    {
        var info = new CommandBufferAllocateInfo
        {
            SType = StructureType.CommandBufferAllocateInfo,
            CommandPool = _handle,
            Level = CommandBufferLevel.Primary,
            CommandBufferCount = 1,
        };
        CommandBuffer handle;
        _device.Api.AllocateCommandBuffers(_device.Handle, &info, &handle).Check("allocate a command buffer");
        return new CommandList(_device, handle);
    }

    public void Dispose() => _device.Api.DestroyCommandPool(_device.Handle, _handle, null);
}
