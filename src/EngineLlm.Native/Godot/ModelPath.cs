using System;
using System.IO;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary>Finds the model's file, which is read where it lies and is never inside a game's package.</summary>
internal static class ModelPath
{
    private const string ProjectPrefix = "res://";

    /// <summary>The file that a path means: of the project, of the user's folder or of the file system.</summary>
    /// <exception cref="ModelFormatException">No path is given.</exception>
    internal static string Resolve(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new ModelFormatException("No model is named; set model_path of the LlmEngine to a .gguf file.");
        string file = ObjectCalls.GlobalizePath(path);
        if (!path.StartsWith(ProjectPrefix, StringComparison.Ordinal) || File.Exists(file)) return file;
        // An exported game has no project folder: its models lie beside its program, in the same folders.
        string? folder = Path.GetDirectoryName(ObjectCalls.ExecutablePath());
        string besideProgram = Path.Combine(folder ?? "", path[ProjectPrefix.Length..]);
        return File.Exists(besideProgram) || file.Length == 0 ? besideProgram : file;
    }
}
