using System.Diagnostics;

namespace EngineLlm.Cli.Playing;

/// <summary>Tokens a second while somebody speaks: from the first line said until everyone is silent again.</summary>
internal sealed class SpeechMeter
{
    private long _startTicks;
    private long _startTokens;
    private long _endTicks;
    private long _endTokens;
    private bool _isSpeaking;

    /// <summary>Tokens of the exchange that goes on, or of the last one.</summary>
    internal long Tokens => _endTokens - _startTokens;

    /// <summary>Tokens a second of the exchange that goes on, or of the last one, the reading of the prompts included.</summary>
    internal double TokensPerSecond => _endTicks == _startTicks ? 0 : Tokens * (double)Stopwatch.Frequency / (_endTicks - _startTicks);

    /// <summary>To be called once a frame.</summary>
    internal void Sample(bool isSpeaking, long tokensDecoded) => Sample(isSpeaking, tokensDecoded, Stopwatch.GetTimestamp());

    internal void Sample(bool isSpeaking, long tokensDecoded, long nowTicks)
    {
        if (isSpeaking && !_isSpeaking)
        {
            _startTicks = nowTicks;
            _startTokens = tokensDecoded;
        }
        if (isSpeaking || _isSpeaking)
        {
            _endTicks = nowTicks;
            _endTokens = tokensDecoded;
        }
        _isSpeaking = isSpeaking;
    }
}
