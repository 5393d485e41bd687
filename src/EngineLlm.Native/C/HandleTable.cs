using System.Collections.Generic;

namespace EngineLlm.Native.C;

/// <summary>
/// Numbers that stand for objects outside: a slot in the low half and the slot's generation in the high half, so that a handle that was
/// freed never names what has its slot now. Thread-safe.
/// </summary>
/// <remarks>A slot whose generations are used up is never used again.</remarks>
internal sealed class HandleTable
{
    private readonly object _gate = new();
    private readonly List<(object? Target, uint Generation)> _slots = [];
    private readonly Stack<int> _free = new();

    /// <summary>Enters an object.</summary>
    /// <returns>Its handle, never 0.</returns>
    internal ulong Add(object target)
    {
        lock (_gate)
        {
            if (!_free.TryPop(out int slot))
            {
                slot = _slots.Count;
                _slots.Add((null, 1));
            }
            uint generation = _slots[slot].Generation;
            _slots[slot] = (target, generation);
            return ((ulong)generation << 32) | (uint)slot;
        }
    }

    /// <summary>The object behind a handle; null for 0, for a handle that was freed, and where it stands for something else.</summary>
    internal T? Find<T>(ulong handle) where T : class
    {
        lock (_gate) return Holds(handle) ? _slots[(int)(uint)handle].Target as T : null;
    }

    /// <summary>Takes an object out; its handle becomes invalid.</summary>
    internal void Remove(ulong handle)
    {
        lock (_gate)
        {
            if (!Holds(handle)) return;
            int slot = (int)(uint)handle;
            uint next = unchecked(_slots[slot].Generation + 1);
            _slots[slot] = (null, next);
            if (next != 0) _free.Push(slot);
        }
    }

    private bool Holds(ulong handle)
    {
        uint slot = (uint)handle, generation = (uint)(handle >> 32);
        return generation != 0 && slot < (uint)_slots.Count && _slots[(int)slot].Generation == generation;
    }
}
