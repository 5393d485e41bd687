using System;
using System.Collections.Generic;

namespace EngineLlm.Vulkan;

/// <summary>One piece of device memory that buffers are placed in.</summary>
/// <param name="Type">Index of its memory type.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record MemoryBlock(uint Type, ulong Size)
{
    /// <summary>Bytes from its start that are taken.</summary>
    internal ulong Used { get; set; }
}

/// <summary>How buffers are placed in a few big blocks: each in the first block of its memory type that has room for it.</summary>
internal sealed class MemoryBlocks
{
    private const ulong BlockBytes = 64UL << 20;
    private readonly List<MemoryBlock> _blocks = new();

    /// <summary>The blocks, in the order in which they were added.</summary>
    internal IReadOnlyList<MemoryBlock> All => _blocks;

    /// <summary>Finds a place for a buffer.</summary>
    /// <param name="type">The memory type that it has to lie in.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="alignment">What its place has to be a multiple of; a power of two.</param>
    /// <param name="add">Called where no block has room, with the new block.</param>
    /// <param name="offset">Where in the block it lies.</param>
    /// <returns>Index of the block.</returns>
    internal int Place(uint type, ulong size, ulong alignment, Action<MemoryBlock> add, out ulong offset)
    {
        for (int i = 0; i < _blocks.Count; i++)
        {
            offset = (_blocks[i].Used + alignment - 1) / alignment * alignment;
            if (_blocks[i].Type != type || offset + size > _blocks[i].Size) continue;
            _blocks[i].Used = offset + size;
            return i;
        }
        var added = new MemoryBlock(type, Math.Max(BlockBytes, size));
        add(added);
        added.Used = size;
        _blocks.Add(added);
        offset = 0;
        return _blocks.Count - 1;
    }
}
