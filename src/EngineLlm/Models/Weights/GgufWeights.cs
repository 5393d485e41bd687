using EngineLlm.Models.Gguf;

namespace EngineLlm.Models.Weights;

/// <summary>The tensors of a GGUF file, where they lie in its memory map.</summary>
internal sealed unsafe class GgufWeights : IWeightSource
{
    private readonly GgufFile _file;

    internal GgufWeights(GgufFile file)
    {
        _file = file;
        Description = ModelDescription.Read(file);
    }

    public ModelDescription Description { get; }

    public long WeightBytes => _file.TotalLength;

    public bool TryGet(string name, out TensorData tensor)
    {
        tensor = default;
        if (!_file.TryGetTensor(name, out GgufTensor found)) return false;
        int rows = checked((int)found.Rows);
        tensor = new TensorData(name, found.Type, rows, checked((int)found.Columns), (nint)_file.Pointer(found), rows);
        return true;
    }
}
