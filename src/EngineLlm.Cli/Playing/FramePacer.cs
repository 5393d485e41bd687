using System;
using System.Diagnostics;
using System.Threading;

namespace EngineLlm.Cli.Playing;

/// <summary>Keeps a loop at a steady number of frames a second, as a game's would be, and measures how steady it is.</summary>
internal sealed class FramePacer
{
    private readonly long _ticksPerFrame;
    private readonly long[] _frameTicks;
    private long _frameStart;
    private long _nextStart;
    private int _frameCount;

    /// <param name="framesPerSecond">The wanted rate.</param>
    internal FramePacer(int framesPerSecond)
    {
        _ticksPerFrame = Stopwatch.Frequency / framesPerSecond;
        _frameTicks = new long[framesPerSecond];
        _frameStart = Stopwatch.GetTimestamp();
        _nextStart = _frameStart + _ticksPerFrame;
    }

    /// <summary>Sleeps until the next frame is due. A late frame starts at once, and those missed are not made up for.</summary>
    internal void WaitForNextFrame()
    {
        long wait = _nextStart - Stopwatch.GetTimestamp();
        if (wait > 0) Thread.Sleep(TimeSpan.FromSeconds((double)wait / Stopwatch.Frequency));
        long now = Stopwatch.GetTimestamp();
        _frameTicks[_frameCount++ % _frameTicks.Length] = now - _frameStart;
        _frameStart = now;
        _nextStart = Math.Max(_nextStart + _ticksPerFrame, now);
    }

    /// <summary>Microseconds since this frame began.</summary>
    internal int MicrosecondsOfFrame => (int)Math.Min(int.MaxValue, (Stopwatch.GetTimestamp() - _frameStart) * 1_000_000 / Stopwatch.Frequency);

    /// <summary>How steady the last second was.</summary>
    internal FramePacing Pacing
    {
        get
        {
            int count = Math.Min(_frameCount, _frameTicks.Length);
            if (count == 0) return default;
            long sum = 0, longest = 0;
            for (int i = 0; i < count; i++)
            {
                sum += _frameTicks[i];
                longest = Math.Max(longest, _frameTicks[i]);
            }
            return new FramePacing(count * (double)Stopwatch.Frequency / sum, longest * 1000.0 / Stopwatch.Frequency);
        }
    }
}

/// <summary>How steady a loop is.</summary>
/// <param name="FramesPerSecond">Mean over the last second.</param>
/// <param name="LongestFrameMilliseconds">The worst frame of the last second.</param>
internal readonly record struct FramePacing(double FramesPerSecond, double LongestFrameMilliseconds);
