using System.Text;

namespace EngineLlm.ShaderCompiler;

/// <summary>Checks SPIR-V with spirv-val of SPIRV-Tools.</summary>
internal sealed class SpirvValidator
{
    private readonly string _path;
    private readonly Repository _repository;

    private SpirvValidator(string path, Repository repository)
    {
        _path = path;
        _repository = repository;
    }

    /// <summary>Finds spirv-val: fetched, or on PATH. Null where there is none.</summary>
    public static SpirvValidator? Find(Repository repository) =>
        repository.FindTool("spirv-val") is { } path ? new SpirvValidator(path, repository) : null;

    /// <summary>What is wrong with a module, by the rules of Vulkan 1.2; null where it is valid.</summary>
    public string? Validate(byte[] spirv)
    {
        ProgramResult result = ExternalProgram.Run(_path, ["--target-env", "vulkan1.2", "-"], _repository.Root, spirv);
        return result.ExitCode == 0 ? null : $"{result.Errors} {Encoding.UTF8.GetString(result.Output)}".Trim();
    }
}
