using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace EngineLlm.Tests.Hostile;

/// <summary>
/// Makes damaged or malicious files out of good ones: cut short, bytes changed, numbers of header, metadata and directory replaced by those
/// that break programs, texts replaced while their lengths stay true, pieces repeated or left out.
/// </summary>
internal sealed class Mutator
{
    private static readonly ulong[] s_numbers =
    {
        0, 1, 2, 3, 4, 7, 8, 9, 31, 32, 33, 127, 128, 255, 256, 260, 65535, 65536, 1 << 20, 1 << 24, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
        1UL << 32, 1UL << 40, 1UL << 62, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, ulong.MaxValue - 31, ulong.MaxValue,
        // As floats: one, infinity, no number, the smallest, the most negative; as a double one.
        0x3F800000, 0x7F800000, 0x7FC00000, 0x00000001, 0xFF7FFFFF, 0x3FF0000000000000,
    };

    private static readonly string[] s_texts =
    {
        "", "\n", "\0", "llama", "qwen2", "qwen3", "gemma2", "gemma3", "phi3", "smollm3", "bert", "gpt2", "llama-bpe", "tekken",
        "yarn", "linear", "longrope", "llama3", "none", "adapter", "{", "{{", "{%", "\uD83D\uDE00", "\u2581", "<0x00>", "<0xFG>",
    };

    private static readonly string[] s_fragments =
    {
        "{{", "}}", "{%", "%}", "{%-", "-%}", "{#", "#}", "{% if x %}", "{% endif %}", "{% for m in messages %}", "{% endfor %}",
        "{% for i in range(1000000000) %}", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "{% set x = [x] %}",
        "{% set ns.a = ns.a ~ ns.a %}", "{% for c in messages %}{% set ns.system = ns.system ~ ns.system ~ 'ab' %}{% endfor %}",
        "messages", "'a' * 100000000", "[1] * 100000000", "| join", "| tojson", "| tojson(indent=100000000)", "| list", "| sort",
        "| unique", "| replace('a', 'aaaaaaaa')", ".split('')", ".split()", "[::-1]", "[::0]", "[-9223372036854775808]", "[9223372036854775807:]",
        "((((((((((((((((((((((((((((((((", "))))", "not not not not not not not not", "-------------", "9223372036854775807",
        "1e308", "0.1", "**", "//", "%", "~", "+", "-", "*", "/", "==", "<", "in", "is", "and", "or", "if", "else", "none", "true", "namespace(a=1)",
        "range(0, 9223372036854775807, 1)", "range(10, 0, 0)", "loop.index", "loop.previtem", "strftime_now('%Y')", "raise_exception(x)",
        "'\\x41'", "'\\uFFFF'", "'", "\"", "\\", "|", "(", "[", "]", "{'a': 1}", "dict(a=1)", "x.y.z", "a=1", ",", "\uD83D\uDE00", "\0",
        "\n", " ", "{% filter upper %}", "{% call f() %}", "{% raw %}", "{% generation %}", "{% break %}", "{% continue %}",
        "{% set x %}", "{% endset %}",
    };

    private readonly Random _random;

    internal Mutator(Random random) => _random = random;

    /// <summary>A mutant of the file.</summary>
    internal byte[] Mutate(byte[] whole, GgufFields fields)
    {
        byte[] mutant = (byte[])whole.Clone();
        switch (_random.Next(16))
        {
            case 0: return Cut(mutant);
            case 1: return Bytes(mutant, mutant.Length);
            case 2: return Bytes(mutant, fields.DirectoryEnd);
            case 3: return Splice(mutant);
            case 4 or 5: return Numbers(mutant, fields.Numbers);
            case <= 8: return Numbers(mutant, fields.Numbers.FindAll(number => number.IsMeaning));
            case <= 10: return Text(mutant, fields, template: false);
            default: return Text(mutant, fields, template: true);
        }
    }

    private byte[] Cut(byte[] bytes) => bytes.AsSpan(0, _random.Next(bytes.Length)).ToArray();

    private byte[] Bytes(byte[] bytes, int end)
    {
        for (int i = 1 << _random.Next(6); i > 0; i--)
        {
            int at = _random.Next(end);
            bytes[at] = _random.Next(2) == 0 ? (byte)_random.Next(256) : (byte)(bytes[at] ^ 1 << _random.Next(8));
        }
        return bytes;
    }

    private byte[] Splice(byte[] bytes)
    {
        int from = _random.Next(bytes.Length), length = _random.Next(Math.Min(400, bytes.Length - from)), to = _random.Next(bytes.Length);
        byte[] piece = bytes.AsSpan(from, length).ToArray();
        int removed = _random.Next(2) == 0 ? 0 : Math.Min(length, bytes.Length - to);
        return Replace(bytes, to, removed, piece);
    }

    private byte[] Numbers(byte[] bytes, List<NumberField> numbers)
    {
        for (int i = 1 << _random.Next(3); i > 0; i >>= 1)
        {
            (int position, int size, _) = numbers[_random.Next(numbers.Count)];
            Span<byte> at = bytes.AsSpan(position, size);
            ulong value = Read(at);
            value = _random.Next(4) switch
            {
                0 => value + (ulong)_random.Next(1, 4),
                1 => value - (ulong)_random.Next(1, 4),
                2 => value << _random.Next(size * 8),
                _ => s_numbers[_random.Next(s_numbers.Length)],
            };
            Write(at, value);
        }
        return bytes;
    }

    private byte[] Text(byte[] bytes, GgufFields fields, bool template)
    {
        List<TextField> texts = fields.Texts.FindAll(text => text.Key.EndsWith("chat_template", StringComparison.Ordinal) == template);
        if (texts.Count == 0) return Numbers(bytes, fields.Numbers);
        TextField field = texts[_random.Next(texts.Count)];
        string text = Encoding.UTF8.GetString(bytes, field.Position + 8, field.Length);
        text = template ? Fragments(text) : _random.Next(3) == 0 ? Fragments(text) : s_texts[_random.Next(s_texts.Length)];
        byte[] encoded = Encoding.UTF8.GetBytes(text);
        byte[] result = Replace(bytes, field.Position, 8 + field.Length, [.. BitConverter.GetBytes((ulong)encoded.Length), .. encoded]);
        return Realign(result, bytes.Length - result.Length);
    }

    private string Fragments(string text)
    {
        var changed = new StringBuilder(text);
        for (int i = _random.Next(1, 5); i > 0; i--)
        {
            int at = _random.Next(changed.Length + 1);
            int removed = _random.Next(3) == 0 ? _random.Next(Math.Min(40, changed.Length - at + 1)) : 0;
            changed.Remove(at, removed);
            bool repeats = _random.Next(4) == 0;
            changed.Insert(at, repeats ? Piece(changed) : s_fragments[_random.Next(s_fragments.Length)]);
        }
        return changed.ToString();
    }

    private string Piece(StringBuilder text)
    {
        int start = _random.Next(text.Length + 1);
        return text.ToString(start, Math.Min(text.Length - start, _random.Next(200)));
    }

    // Room at the end keeps the tensors within a file whose metadata grew or shrank.
    private static byte[] Realign(byte[] bytes, int lost) => [.. bytes, .. new byte[Math.Max(0, lost) + 64]];

    private static byte[] Replace(byte[] bytes, int position, int removed, byte[] added) =>
        [.. bytes.AsSpan(0, position), .. added, .. bytes.AsSpan(position + removed)];

    private static ulong Read(ReadOnlySpan<byte> at) => at.Length switch
    {
        1 => at[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(at),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(at),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(at),
    };

    private static void Write(Span<byte> at, ulong value)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(all, value);
        all.Slice(0, at.Length).CopyTo(at);
    }
}
