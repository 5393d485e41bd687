using System.Diagnostics;

namespace EngineLlm.Cli.Playing;

/// <summary>How soon and how fast they speak: from a line said until everyone is silent again.</summary>
internal sealed class SpeechMeter
{
    private long _startTicks;
    private long _startTokens;
    private long _firstTicks;
    private long _firstTokens;
    private long _endTicks;
    private long _endTokens;
    private bool _isSpeaking;

    /// <summary>Tokens of the exchange that goes on, or of the last one.</summary>
    internal long Tokens => _endTokens - _startTokens;

    /// <summary>From the line to the first token, the reading of the prompts included; null where none has come.</summary>
    internal double? SecondsToFirstToken => Tokens == 0 ? null : (_firstTicks - _startTicks) / (double)Stopwatch.Frequency;

    /// <summary>Tokens a second from the first token to the end, the first one not among them: it was there when the clock began.</summary>
    internal double TokensPerSecond => _endTicks == _firstTicks ? 0 : (_endTokens - _firstTokens) * (double)Stopwatch.Frequency / (_endTicks - _firstTicks);

    /// <summary>To be called before a line is said, after each update, and when everyone is silent.</summary>
    internal void Sample(bool isSpeaking, long tokensDecoded) => Sample(isSpeaking, tokensDecoded, Stopwatch.GetTimestamp());

    internal void Sample(bool isSpeaking, long tokensDecoded, long nowTicks)
    {
        if (isSpeaking && !_isSpeaking)
        {
            _startTicks = nowTicks;
            _startTokens = _endTokens = tokensDecoded;
        }
        if (isSpeaking || _isSpeaking)
        {
            // Until the first token is seen nothing has begun; those that come with it are not counted either.
            if (_endTokens == _startTokens)
            {
                _firstTicks = nowTicks;
                _firstTokens = tokensDecoded;
            }
            _endTicks = nowTicks;
            _endTokens = tokensDecoded;
        }
        _isSpeaking = isSpeaking;
    }
}
