using System;
using System.Collections.Generic;
using System.Globalization;

namespace EngineLlm.Tokenization.PreTokenizers;

/// <summary>Reads the sets of characters in a pattern: one character, an escape, a property, or a list in brackets.</summary>
internal ref struct SetReader
{
    private readonly ReadOnlySpan<char> _pattern;
    private readonly List<(int First, int Last)> _ranges;
    private uint _categories;
    private bool _hasWhiteSpace;
    private bool _isNegated;

    internal SetReader(ReadOnlySpan<char> pattern, int position)
    {
        _pattern = pattern;
        Position = position;
        _ranges = new List<(int, int)>();
        _categories = 0;
        _hasWhiteSpace = false;
        _isNegated = false;
    }

    /// <summary>Where reading goes on.</summary>
    internal int Position { get; private set; }

    /// <summary>Reads one set.</summary>
    /// <param name="ignoresCase">Whether an ASCII letter stands for both its cases.</param>
    internal CharacterSet Read(bool ignoresCase)
    {
        if (_pattern[Position] == '[') ReadList();
        else if (_pattern.Slice(Position).StartsWith(@"\S".AsSpan())) (_hasWhiteSpace, _isNegated, Position) = (true, true, Position + 2);
        else ReadItem(ignoresCase, allowsRange: false);
        return new CharacterSet(_ranges, _categories, _hasWhiteSpace, _isNegated);
    }

    private void ReadList()
    {
        Position++;
        _isNegated = _pattern[Position] == '^';
        if (_isNegated) Position++;
        while (_pattern[Position] != ']') ReadItem(ignoresCase: false, allowsRange: true);
        Position++;
    }

    private void ReadItem(bool ignoresCase, bool allowsRange)
    {
        if (_pattern[Position] == '\\' && _pattern[Position + 1] is 'p' or 's' or 'd')
        {
            ReadProperty();
            return;
        }
        int first = ReadCodePoint();
        int last = first;
        if (allowsRange && _pattern[Position] == '-' && _pattern[Position + 1] != ']')
        {
            Position++;
            last = ReadCodePoint();
        }
        _ranges.Add((first, last));
        if (ignoresCase && first is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z')) _ranges.Add((first ^ 0x20, last ^ 0x20));
    }

    private void ReadProperty()
    {
        char kind = _pattern[Position + 1];
        Position += 2;
        if (kind == 's') _hasWhiteSpace = true;
        else if (kind == 'd') _categories |= Mask("Nd");
        else
        {
            int end = Position + _pattern.Slice(Position).IndexOf('}');
            _categories |= Mask(_pattern.Slice(Position + 1, end - Position - 1).ToString());
            Position = end + 1;
        }
    }

    private int ReadCodePoint()
    {
        if (_pattern[Position] == '\\')
        {
            char escaped = _pattern[Position + 1];
            Position += 2;
            if (escaped == 'u') return ReadNumber();
            return escaped switch { 'r' => '\r', 'n' => '\n', 't' => '\t', _ => escaped };
        }
        int length = CodePoints.LengthAt(_pattern, Position);
        int codePoint = length == 2 ? char.ConvertToUtf32(_pattern[Position], _pattern[Position + 1]) : _pattern[Position];
        Position += length;
        return codePoint;
    }

    /// <summary>A code point in hexadecimal, as \u{...}.</summary>
    private int ReadNumber()
    {
        int end = Position + _pattern.Slice(Position).IndexOf('}');
        ReadOnlySpan<char> digits = _pattern.Slice(Position + 1, end - Position - 1);
        int number = int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        Position = end + 1;
        return number;
    }

    /// <summary>The categories of a Unicode property, by its short name.</summary>
    private static uint Mask(string property) => property switch
    {
        "L" => Mask("Lu") | Mask("Ll") | Mask("Lt") | Mask("Lm") | Mask("Lo"),
        "Lu" => Bit(UnicodeCategory.UppercaseLetter),
        "Ll" => Bit(UnicodeCategory.LowercaseLetter),
        "Lt" => Bit(UnicodeCategory.TitlecaseLetter),
        "Lm" => Bit(UnicodeCategory.ModifierLetter),
        "Lo" => Bit(UnicodeCategory.OtherLetter),
        "M" => Bit(UnicodeCategory.NonSpacingMark) | Bit(UnicodeCategory.SpacingCombiningMark) | Bit(UnicodeCategory.EnclosingMark),
        "N" => Mask("Nd") | Bit(UnicodeCategory.LetterNumber) | Bit(UnicodeCategory.OtherNumber),
        "Nd" => Bit(UnicodeCategory.DecimalDigitNumber),
        "P" => Bit(UnicodeCategory.ConnectorPunctuation) | Bit(UnicodeCategory.DashPunctuation) | Bit(UnicodeCategory.OpenPunctuation)
            | Bit(UnicodeCategory.ClosePunctuation) | Bit(UnicodeCategory.InitialQuotePunctuation)
            | Bit(UnicodeCategory.FinalQuotePunctuation) | Bit(UnicodeCategory.OtherPunctuation),
        "S" => Bit(UnicodeCategory.MathSymbol) | Bit(UnicodeCategory.CurrencySymbol) | Bit(UnicodeCategory.ModifierSymbol)
            | Bit(UnicodeCategory.OtherSymbol),
        _ => throw new ArgumentException($"The property {property} is not known."),
    };

    private static uint Bit(UnicodeCategory category) => 1u << (int)category;
}
