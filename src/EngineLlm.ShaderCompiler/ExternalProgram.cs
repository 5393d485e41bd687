using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace EngineLlm.ShaderCompiler;

/// <summary>What a program wrote, and how it ended.</summary>
internal sealed record ProgramResult(int ExitCode, byte[] Output, string Errors);

/// <summary>Runs a program to its end, with bytes in and bytes out.</summary>
internal static class ExternalProgram
{
    /// <summary>Runs <paramref name="path"/> in <paramref name="folder"/>, feeding it <paramref name="input"/>.</summary>
    public static ProgramResult Run(string path, IEnumerable<string> arguments, string folder, byte[]? input = null)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start) ?? throw new ShaderException($"'{path}' could not be started.");
        using var output = new MemoryStream();
        Task copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        WriteInput(process, input ?? []);
        copying.Wait();
        process.WaitForExit();
        return new ProgramResult(process.ExitCode, output.ToArray(), errors.Result.Trim());
    }

    private static void WriteInput(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended before it read everything; its exit code and messages say why.
        }
    }
}
