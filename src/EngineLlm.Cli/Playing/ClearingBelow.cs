using System.Collections.Generic;
using Spectre.Console.Rendering;

namespace EngineLlm.Cli.Playing;

/// <summary>
/// Something written above a live display. It clears the screen from there on first: the display's old lines are about to be drawn again
/// further down, and whatever a shorter line does not cover of them would stay.
/// </summary>
internal sealed class ClearingBelow : IRenderable
{
    private const string EraseToTheEnd = "\u001b[J";
    private readonly IRenderable _inner;

    internal ClearingBelow(IRenderable inner) => _inner = inner;

    public Measurement Measure(RenderOptions options, int maxWidth) => _inner.Measure(options, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        if (options.Ansi) yield return Segment.Control(EraseToTheEnd);
        foreach (Segment segment in _inner.Render(options, maxWidth)) yield return segment;
    }
}
