using System.Collections.Generic;
using System.Text;
using System.Threading;
using EngineLlm.Unity;

namespace EngineLlm.UnityHost
{
    /// <summary>Writes down what a character's events say.</summary>
    internal sealed class Listener
    {
        private readonly int _mainThread = Thread.CurrentThread.ManagedThreadId;
        private readonly StringBuilder _words = new StringBuilder();

        internal Listener(LlmNpc npc, bool hearsWords = true)
        {
            if (hearsWords) npc.OnWords.AddListener(Hear);
            npc.OnAnswered.AddListener(text => Note(Answers, text));
            npc.OnFailed.AddListener(problem => Note(Failures, problem));
        }

        /// <summary>The words of all answers so far, one behind the other.</summary>
        internal string Words => _words.ToString();

        internal List<string> Answers { get; } = new List<string>();

        internal List<string> Failures { get; } = new List<string>();

        internal bool AlwaysOnTheMainThread { get; private set; } = true;

        private void Hear(string words)
        {
            AlwaysOnTheMainThread &= Thread.CurrentThread.ManagedThreadId == _mainThread;
            _words.Append(words);
        }

        private void Note(List<string> list, string text)
        {
            AlwaysOnTheMainThread &= Thread.CurrentThread.ManagedThreadId == _mainThread;
            list.Add(text);
        }
    }
}
