using System;

namespace EngineLlm.Tokenization;

/// <summary>
/// The alphabet of byte-level BPE: each byte has a printable character, so that a vocabulary can be text. Printable Latin-1 bytes stand for
/// themselves, the others for the characters from U+0100 on, in order (GPT-2's encoder.py, bytes_to_unicode).
/// </summary>
internal static class ByteLevel
{
    private const int FirstSubstitute = 0x100;
    private static readonly char[] s_characters = BuildCharacters();
    private static readonly short[] s_bytes = BuildBytes();

    /// <summary>The character of a byte.</summary>
    internal static char Character(byte value) => s_characters[value];

    /// <summary>The byte of a character; false where the character is not of the alphabet.</summary>
    internal static bool TryGetByte(char character, out byte value)
    {
        short found = character < s_bytes.Length ? s_bytes[character] : (short)-1;
        value = (byte)Math.Max((short)0, found);
        return found >= 0;
    }

    private static char[] BuildCharacters()
    {
        var characters = new char[256];
        int substitute = FirstSubstitute;
        for (int i = 0; i < 256; i++)
        {
            bool isPrintable = i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[i] = (char)(isPrintable ? i : substitute++);
        }
        return characters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[FirstSubstitute + 256];
        Array.Fill(bytes, (short)-1);
        for (int i = 0; i < 256; i++) bytes[s_characters[i]] = (short)i;
        return bytes;
    }
}
