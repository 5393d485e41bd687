using System.Collections.Generic;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>Paged attention shaped for devices of type CPU, against double precision.</summary>
internal static class PagedAttentionLanesCheck
{
    private static readonly AttentionCase s_case = new() { LocalSize = 8, IsForLanes = true };

    /// <summary>Lengths around the sizes of chunks, pages and splits.</summary>
    internal static IEnumerable<KernelCheck> Lengths()
    {
        int[] lengths = [1, 15, 16, 17, 31, 32, 33, 54, 97, 255, 256, 257, 700];
        yield return PagedAttentionCheck.Check(s_case with { Contexts = lengths, Seed = 150 });
        yield return PagedAttentionCheck.Check(s_case with { Contexts = lengths, SplitTokens = 64, Seed = 151 });
        yield return PagedAttentionCheck.Check(s_case with { Contexts = lengths, PageSize = 16, SplitTokens = 128, Seed = 152 });
        yield return PagedAttentionCheck.Check(s_case with { Contexts = lengths, PageSize = 64, Seed = 153 });
    }

    internal static IEnumerable<KernelCheck> HeadSizes()
    {
        foreach (int headSize in (int[])[8, 20, 40, 64, 80, 96, 128, 256])
            yield return PagedAttentionCheck.Check(s_case with { HeadSize = headSize, Group = 2, Heads = 2, Seed = 160 + headSize });
        yield return PagedAttentionCheck.Check(s_case with { HeadSize = 96, Group = 2, Heads = 2, IsF32 = true, Seed = 161 });
    }

    internal static IEnumerable<KernelCheck> Groups()
    {
        foreach ((int group, int heads) in ((int, int)[])[(1, 1), (2, 2), (3, 3), (3, 2), (4, 4), (8, 4), (12, 4)])
            yield return PagedAttentionCheck.Check(s_case with { Group = group, Heads = heads, Contexts = [54, 257],
                Seed = 170 + group + heads });
    }

    internal static IEnumerable<KernelCheck> Chunks()
    {
        yield return PagedAttentionCheck.Check(s_case with { Contexts = [5, 40, 260], Queries = 5, Seed = 180 });
        yield return PagedAttentionCheck.Check(s_case with { Contexts = [17, 33], Queries = 17, IsF32 = true, Seed = 181 });
    }

    /// <inheritdoc cref="PagedAttentionCheck.Windows()"/>
    internal static IEnumerable<KernelCheck> Windows() => PagedAttentionCheck.WindowsOf(s_case);

    internal static IEnumerable<KernelCheck> SoftCaps() => PagedAttentionCheck.SoftCapsOf(s_case);

    /// <summary>A token's attention has the same bits alone, among others, in a chunk, and wherever its pages lie.</summary>
    internal static IEnumerable<KernelCheck> Determinism()
    {
        foreach (int length in (int[])[97, 300])
        {
            AttentionCase alone = s_case with { Contexts = [length], Seed = 190 };
            yield return new KernelCheck($"same bits in company: {alone}", session =>
            {
                float[] expected = PagedAttentionCheck.Compute(session, alone, out _);
                float[] beside = PagedAttentionCheck.Compute(session, alone with { Contexts = [length, 33, 700] }, out _);
                float[] chunk = PagedAttentionCheck.Compute(session, alone with { Queries = 7 }, out _);
                return Tolerance.CompareBits("beside others", expected, beside[..expected.Length])
                    ?? Tolerance.CompareBits("last of a chunk", expected, chunk[^expected.Length..]);
            });
        }
    }
}
