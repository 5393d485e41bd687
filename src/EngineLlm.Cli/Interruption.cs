using System;
using System.Threading;

namespace EngineLlm.Cli;

/// <summary>Turns the first Ctrl-C into a cancellation; a second one ends the process at once, should something not react.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    private Interruption() => Console.CancelKeyPress += OnCancelKey;

    internal CancellationToken Token => _source.Token;

    internal static Interruption Watch() => new();

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKey;
        _source.Dispose();
    }

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs pressed)
    {
        pressed.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
