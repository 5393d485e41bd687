using System;
using System.Globalization;
using System.Text;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Dates in the notation of C's strftime, in English.</summary>
internal static class DateText
{
    internal static string Format(TemplateRun run, DateTime date, string format)
    {
        run.Spend(format.Length * 16);
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            bool isBare = format[++i] == '-' && i + 1 < format.Length;
            if (isBare) i++;
            string part = Part(date, format[i])
                ?? throw run.Unknown($"the date format \"%{(char.IsControl(format[i]) ? '?' : format[i])}\"");
            text.Append(isBare && part.Length > 1 ? part.TrimStart('0') : part);
        }
        return text.ToString();
    }

    private static string? Part(DateTime date, char code)
    {
        string? format = code switch
        {
            'd' => "dd",
            'm' => "MM",
            'y' => "yy",
            'Y' => "yyyy",
            'b' or 'h' => "MMM",
            'B' => "MMMM",
            'a' => "ddd",
            'A' => "dddd",
            'H' => "HH",
            'I' => "hh",
            'M' => "mm",
            'S' => "ss",
            'p' => "tt",
            'F' => "yyyy-MM-dd",
            'T' => "HH:mm:ss",
            'D' => "MM/dd/yy",
            'R' => "HH:mm",
            _ => null,
        };
        if (format != null) return date.ToString(format, CultureInfo.InvariantCulture);
        return code switch
        {
            'e' => date.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'j' => date.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'Z' or 'z' => "",
            '%' => "%",
            _ => null,
        };
    }
}
