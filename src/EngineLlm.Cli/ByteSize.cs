using System.Globalization;

namespace EngineLlm.Cli;

/// <summary>Byte counts for people.</summary>
internal static class ByteSize
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>For example 93.8 MiB.</summary>
    internal static string Text(double bytes)
    {
        int unit = 0;
        while (bytes >= 1024 && unit < s_units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }
        return bytes.ToString("0.#", CultureInfo.InvariantCulture) + " " + s_units[unit];
    }
}
