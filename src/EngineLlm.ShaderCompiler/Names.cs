using System.Linq;
using System.Text;

namespace EngineLlm.ShaderCompiler;

/// <summary>GLSL names as C# names.</summary>
internal static class Names
{
    /// <summary>snake_case, camelCase or UPPER_CASE as PascalCase: "row_count", "rowCount" and "ROW_COUNT" give "RowCount".</summary>
    public static string ToPascalCase(string name)
    {
        var result = new StringBuilder();
        foreach (string word in name.Split('_', System.StringSplitOptions.RemoveEmptyEntries))
        {
            bool upper = word.Length > 1 && !word.Any(char.IsLower);
            result.Append(char.ToUpperInvariant(word[0])).Append(upper ? word[1..].ToLowerInvariant() : word[1..]);
        }
        return result.ToString();
    }
}
