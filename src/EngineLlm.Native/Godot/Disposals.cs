using System;
using System.Threading;
using System.Threading.Tasks;

namespace EngineLlm.Native.Godot;

/// <summary>
/// Sessions that are being freed: they wait for the device, or for loading to give up, which is nothing for the game's thread.
/// </summary>
internal static class Disposals
{
    private static int s_running;
    private static Task s_last = Task.CompletedTask;

    /// <summary>True where everything that was to be freed is freed, so that its memory can be taken again.</summary>
    internal static bool AreDone => Volatile.Read(ref s_running) == 0;

    /// <summary>Frees a session in the background, after those before it. Nobody else may use it any more.</summary>
    internal static void Add(EngineSession session)
    {
        Interlocked.Increment(ref s_running);
        s_last = s_last.ContinueWith(_ => Free(session), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Waits, before the process ends, until the device has nothing of this library's any more.</summary>
    internal static void WaitForAll() => s_last.Wait();

    private static void Free(EngineSession session)
    {
        try
        {
            session.Dispose();
        }
        catch (Exception e)
        {
            Log.Error(e);
        }
        finally
        {
            Interlocked.Decrement(ref s_running);
        }
    }
}
