using System;

namespace EngineLlm.Tokenization;

/// <summary>Finds the beginning of a character at the end of a run of UTF-8 bytes.</summary>
internal static class Utf8Tail
{
    /// <summary>How many bytes at the end (0 to 3) are the beginning of a character that may still be completed.</summary>
    internal static int Length(ReadOnlySpan<byte> bytes)
    {
        for (int length = 1; length <= Math.Min(3, bytes.Length); length++)
        {
            ReadOnlySpan<byte> tail = bytes.Slice(bytes.Length - length);
            if ((tail[0] & 0xC0) == 0x80) continue;
            return IsIncomplete(tail) ? length : 0;
        }
        return 0;
    }

    private static bool IsIncomplete(ReadOnlySpan<byte> tail)
    {
        byte lead = tail[0];
        int needed = lead switch { >= 0xC2 and <= 0xDF => 2, >= 0xE0 and <= 0xEF => 3, >= 0xF0 and <= 0xF4 => 4, _ => 1 };
        if (tail.Length >= needed) return false;
        if (tail.Length < 2) return true;
        // The second byte has a narrower range after these leads: no overlong forms, no surrogates, nothing above U+10FFFF.
        return lead switch
        {
            0xE0 => tail[1] >= 0xA0,
            0xED => tail[1] < 0xA0,
            0xF0 => tail[1] >= 0x90,
            0xF4 => tail[1] < 0x90,
            _ => true,
        };
    }
}
