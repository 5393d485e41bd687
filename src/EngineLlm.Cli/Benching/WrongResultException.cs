namespace EngineLlm.Cli.Benching;

/// <summary>The device computes wrongly, so its speed says nothing.</summary>
internal sealed class WrongResultException : EngineLlmException
{
    internal WrongResultException(string message) : base(message) { }
}
