using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using UnityEngine;

namespace EngineLlm.Unity
{
    /// <summary>
    /// Every session that still has something of the device. A process, and in the editor a script domain, must not end while a thread is
    /// inside the driver: <see cref="CloseAll"/> is where both wait. Used on the main thread only.
    /// </summary>
    internal static class EngineSessions
    {
        private static readonly List<EngineSession> s_sessions = new List<EngineSession>();

        /// <summary>Number of sessions that have not given the device back yet.</summary>
        internal static int Count
        {
            get
            {
                s_sessions.RemoveAll(session => session.Closed != null && session.Closed.IsCompleted);
                return s_sessions.Count;
            }
        }

        internal static void Add(EngineSession session) => s_sessions.Add(session);

        /// <summary>
        /// Closes every session and waits until the device has been given back. For the end of the game and before scripts are reloaded.
        /// </summary>
        internal static void CloseAll()
        {
            var closing = new List<Task>();
            foreach (EngineSession session in s_sessions)
            {
                session.Close();
                closing.Add(session.Closed);
            }
            s_sessions.Clear();
            try
            {
                Task.WaitAll(closing.ToArray());
            }
            catch (AggregateException e)
            {
                // A device that was lost; the others have been given back all the same.
                Debug.LogException(e);
            }
        }

        // Before the first scene, and again where the editor enters play mode without reloading scripts.
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void CloseAtTheEnd()
        {
            Application.quitting -= CloseAll;
            Application.quitting += CloseAll;
        }
    }
}
