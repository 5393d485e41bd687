using System;

namespace EngineLlm.Unity
{
    /// <summary>What the newest frames cost: a ring of the last <see cref="Capacity"/> of them. Allocates once.</summary>
    public sealed class FrameHistory
    {
        /// <summary>Number of frames that are remembered.</summary>
        public const int Capacity = 240;

        private readonly float[] _updateMicroseconds = new float[Capacity];
        private readonly float[] _deviceMicroseconds = new float[Capacity];
        private int _next;

        /// <summary>Number of frames remembered so far, at most <see cref="Capacity"/>.</summary>
        public int Count { get; private set; }

        /// <summary>Number of frames that were ever added.</summary>
        public long Total { get; private set; }

        /// <summary>Time that the engine took of the main thread in a frame, in microseconds.</summary>
        /// <param name="age">0 for the newest frame, below <see cref="Count"/>.</param>
        public float UpdateMicroseconds(int age) => _updateMicroseconds[IndexOf(age)];

        /// <summary>
        /// Time of the newest submit that the device had finished by that frame, in microseconds; 0 where the device keeps no time.
        /// </summary>
        /// <param name="age">0 for the newest frame, below <see cref="Count"/>.</param>
        public float DeviceMicroseconds(int age) => _deviceMicroseconds[IndexOf(age)];

        internal void Add(float updateMicroseconds, float deviceMicroseconds)
        {
            _updateMicroseconds[_next] = updateMicroseconds;
            _deviceMicroseconds[_next] = deviceMicroseconds;
            _next = (_next + 1) % Capacity;
            Count = Math.Min(Count + 1, Capacity);
            Total++;
        }

        internal void Clear()
        {
            Count = 0;
            _next = 0;
            Total = 0;
        }

        private int IndexOf(int age)
        {
            if (age < 0 || age >= Count) throw new ArgumentOutOfRangeException(nameof(age), $"{Count} frames are remembered.");
            return (_next - 1 - age + 2 * Capacity) % Capacity;
        }
    }
}
