using System.IO;
using System.Reflection;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary>The pages of the editor's help about this library's classes.</summary>
internal static unsafe class ClassDocumentation
{
    private static readonly string[] s_pages = ["LlmEngine.xml", "LlmNpc.xml", "LlmPersona.xml"];

    /// <summary>Hands the pages over; only the editor takes them.</summary>
    internal static void Load()
    {
        foreach (string page in s_pages)
        {
            using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(page)!;
            var xml = new byte[stream.Length];
            stream.ReadExactly(xml);
            fixed (byte* bytes = xml) GodotApi.LoadHelp(bytes, xml.Length);
        }
    }
}
