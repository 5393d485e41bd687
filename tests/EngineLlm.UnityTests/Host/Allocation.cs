using System;
using System.Reflection;

namespace EngineLlm.UnityHost
{
    /// <summary>Bytes that the calling thread has allocated: netstandard2.1 has no such counter, but the runtime underneath may.</summary>
    internal static class Allocation
    {
        private static readonly MethodInfo s_counter = typeof(GC).GetMethod("GetAllocatedBytesForCurrentThread", Type.EmptyTypes);

        internal static bool IsCounted => s_counter != null;

        internal static Func<long> Counter() => s_counter == null ? () => 0 : (Func<long>)s_counter.CreateDelegate(typeof(Func<long>));
    }
}
