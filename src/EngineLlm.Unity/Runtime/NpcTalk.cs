using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Dialogue;
using EngineLlm.Scheduling;

namespace EngineLlm.Unity
{
    /// <summary>What an <see cref="NpcTalk.Advance"/> came to.</summary>
    internal enum TalkStep
    {
        /// <summary>Nothing, or more words.</summary>
        None,

        /// <summary>The answer is over.</summary>
        Answered,

        /// <summary>There is no answer, or no character; <see cref="NpcTalk.Problem"/> says why.</summary>
        Failed,
    }

    /// <summary>
    /// One character on one engine. What takes time (the persona, the prompt) is done on other threads; <see cref="Advance"/> looks once a
    /// frame whether it is done. Used on the main thread, and only while the engine is not being closed: closing holds the engine's lock.
    /// </summary>
    internal sealed class NpcTalk
    {
        private readonly SpokenText _text;
        private readonly AnswerTextHandler _append;
        private readonly int _endSentenceAfter;
        private Task<Npc> _making;
        private Npc _npc;
        private Task<NpcAnswer> _asking;
        private Task<NpcAnswer> _takenBack;
        private CancellationTokenSource _takeBack;
        private NpcAnswer _answer;
        private bool _stops;

        internal NpcTalk(LlmEngine engine, NpcOptions options, int endSentenceAfter, bool prepares, SpokenText text)
        {
            Engine = engine;
            _text = text;
            _append = (answer, added) => _text.Append(added);
            _endSentenceAfter = endSentenceAfter;
            _making = Task.Run(() =>
            {
                Npc npc = engine.CreateNpc(options);
                if (prepares) npc.Prepare();
                return npc;
            });
        }

        internal LlmEngine Engine { get; }

        internal string Problem { get; private set; } = "";

        /// <summary>True where a question can be asked.</summary>
        internal bool IsIdle => _npc != null && !IsAnswering && (_takenBack == null || _takenBack.IsCompleted);

        /// <summary>True where no question ever can, because the character could not be made.</summary>
        internal bool IsBroken => _npc == null && _making == null;

        /// <summary>True from a question until its answer is over.</summary>
        internal bool IsAnswering => _asking != null || _answer != null;

        /// <summary>Asks; the text starts anew. Only where <see cref="IsIdle"/>.</summary>
        internal void Ask(string question)
        {
            Npc npc = _npc;
            _takeBack = new CancellationTokenSource();
            CancellationToken token = _takeBack.Token;
            _text.Clear();
            _stops = false;
            _asking = Task.Run(() => npc.Say(question, token));
        }

        /// <summary>Ends the answer; what was said stays in the conversation.</summary>
        internal void Stop()
        {
            _stops = true;
            if (_answer != null) _answer.Stop();
        }

        /// <summary>Ends the answer where it has begun, and takes the question back where it has not.</summary>
        internal void Interrupt()
        {
            if (_answer == null) Cancel();
            else _answer.Stop();
        }

        /// <summary>Takes the answer back, as though nothing had been asked.</summary>
        internal void Cancel()
        {
            if (_takeBack != null) _takeBack.Cancel();
            _takeBack = null;
            // May still be under way on its thread, and a character hears one question at a time.
            if (_asking != null) _takenBack = _asking;
            _asking = null;
            Unlisten();
        }

        /// <summary>Goes on with whatever has come about since the last frame.</summary>
        internal TalkStep Advance()
        {
            if (_making != null && _making.IsCompleted && !TryAdopt()) return TalkStep.Failed;
            if (_asking != null && _asking.IsCompleted && !TryListen()) return TalkStep.Failed;
            if (_answer == null) return TalkStep.None;
            // Looked at first, so that what is taken over then is all there is.
            bool isOver = _answer.IsFinished;
            _text.Receive();
            if (isOver) return End();
            if (_endSentenceAfter > 0 && _text.EndsSentenceAfter(_endSentenceAfter)) _answer.Stop();
            return TalkStep.None;
        }

        private bool TryAdopt()
        {
            Task<Npc> made = _making;
            _making = null;
            if (made.Status == TaskStatus.RanToCompletion) _npc = made.Result;
            else Problem = made.Exception.GetBaseException().Message;
            return _npc != null;
        }

        private bool TryListen()
        {
            Task<NpcAnswer> asked = _asking;
            _asking = null;
            if (asked.Status != TaskStatus.RanToCompletion)
            {
                Problem = asked.Exception.GetBaseException().Message;
                return false;
            }
            _answer = asked.Result;
            _answer.TextAdded += _append;
            if (_stops) _answer.Stop();
            return true;
        }

        private TalkStep End()
        {
            NpcAnswer ended = _answer;
            Unlisten();
            _takeBack = null;
            if (ended.FinishReason != FinishReason.Failed) return TalkStep.Answered;
            Problem = ended.Completion.IsFaulted ? ended.Completion.Exception.GetBaseException().Message : "The answer failed.";
            return TalkStep.Failed;
        }

        private void Unlisten()
        {
            if (_answer != null) _answer.TextAdded -= _append;
            _answer = null;
        }
    }
}
