using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using UnityStub;

namespace EngineLlm.UnityHost
{
    /// <summary>What the host found out, a line each: `ok WHAT`, or `FAILED WHAT: WHY`.</summary>
    internal static class Checks
    {
        private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

        internal static int FailureCount { get; private set; }

        internal static void That(bool holds, string what, string otherwise = "")
        {
            if (!holds) FailureCount++;
            Console.WriteLine(holds ? "ok " + what : "FAILED " + what + ": " + otherwise);
        }

        /// <summary>Turns frames until a condition holds, and says how many it took.</summary>
        internal static int FramesUntil(Func<bool> holds, string what)
        {
            var clock = Stopwatch.StartNew();
            for (int frames = 0; ; frames++)
            {
                if (holds()) return frames;
                if (clock.Elapsed > s_patience)
                    throw new TimeoutException("It never came: " + what + ". Errors: " + string.Join(" | ", Game.Errors));
                Game.Frame();
                Thread.Sleep(1);
            }
        }

        /// <summary>Everything that was logged as an error, which the game must have expected.</summary>
        internal static void ExpectErrors(params string[] beginnings)
        {
            var unexpected = new List<string>();
            foreach (string error in Game.Errors)
            {
                if (!Array.Exists(beginnings, error.StartsWith)) unexpected.Add(error);
            }
            That(unexpected.Count == 0, "no error was logged that was not expected", string.Join(" | ", unexpected));
        }
    }
}
