using System;
using EngineLlm.KvCache;

namespace EngineLlm.Models;

/// <summary>What pages cost, and how many fit: those of sliding layers are never more than their windows can need.</summary>
internal sealed class PageBudget
{
    private readonly EngineOptions _options;
    private readonly int _windowTokens;
    private readonly ulong _pagesAtMost;
    private readonly ulong _fullBytes;   // of a page in the layers that see everything
    private readonly ulong _windowBytes; // of a window page

    internal PageBudget(ModelDescription model, EngineOptions options, int contextLength)
    {
        _options = options;
        // A window as long as the context never slides.
        _windowTokens = model.SlidingWindow < contextLength ? model.SlidingWindow : 0;
        _pagesAtMost = (ulong)options.MaxSequences * (ulong)((contextLength + options.PageSize - 1) / options.PageSize);
        PageBytes = PageMemory.PageBytesOf(model, options.PageSize, options.FloatPages);
        for (int layer = 0; layer < model.LayerCount; layer++)
        {
            if (_windowTokens > 0 && model.IsSliding(layer)) _windowBytes += 2 * PageBytes;
            else _fullBytes += 2 * PageBytes;
        }
    }

    /// <summary>Bytes of a page in one layer's keys, or in its values.</summary>
    internal ulong PageBytes { get; }

    /// <summary>Window pages beside so many pages; 0 where no layer slides.</summary>
    internal int WindowPagesFor(int pageCount) => _windowBytes == 0
        ? 0
        : WindowPages.CountFor(pageCount, _options.PageSize, _windowTokens, _options.MaxSequences, _options.MaxTokensPerStep);

    /// <summary>Pages that fit into so many bytes, window pages included.</summary>
    internal ulong PagesIn(ulong bytes)
    {
        ulong pages = bytes / (_fullBytes + _windowBytes);
        ulong windowPages = (ulong)WindowPagesFor(int.MaxValue);
        if (_windowBytes == 0 || pages <= windowPages) return pages;
        return _fullBytes == 0 ? _pagesAtMost : (bytes - windowPages * _windowBytes) / _fullBytes;
    }
}
