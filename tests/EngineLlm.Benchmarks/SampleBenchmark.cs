using System;
using System.Linq;
using EngineLlm.Kernels.Generated;
using EngineLlm.ShaderTests.Checks;
using EngineLlm.Vulkan;

namespace EngineLlm.Benchmarks;

/// <summary>sample.comp on vocabularies of real models.</summary>
internal sealed class SampleBenchmark(KernelTimer timer) : IBenchmark
{

    public string Name => "sample";

    public void Run()
    {
        (string Name, SamplingRow Row)[] settings =
        [
            ("greedy", SamplingRow.Plain(0)),
            ("temperature alone", SamplingRow.Plain(0.7f)),
            ("top-k 40, top-p 0.95", SamplingRow.Plain(0.7f) with { TopK = 40, TopP = 0.95f }),
            ("the same, penalties", SamplingRow.Plain(0.7f) with { TopK = 40, TopP = 0.95f, RepetitionPenalty = 1.1f, WindowLength = 64 }),
            ("top-p 0.95 of all", SamplingRow.Plain(0.7f) with { TopP = 0.95f }),
            ("min-p 0.05", SamplingRow.Plain(0.7f) with { MinP = 0.05f }),
        ];
        Console.WriteLine($"\n{Name}, microseconds");
        foreach (int vocabulary in timer.Device.Physical.IsCpu ? (int[])[49152] : [49152, 128256])
        {
            foreach ((string name, SamplingRow row) in settings)
            {
                double one = Time(vocabulary, 1, row), many = Time(vocabulary, 16, row);
                Console.WriteLine($"{$"{vocabulary} tokens, {name}",-44}1 row {one,10:F1}   16 rows {many,10:F1}");
            }
        }
    }

    private double Time(int vocabulary, int rows, SamplingRow row)
    {
        float[] logits = new Random(1).Normal(vocabulary * rows, 3);
        BoundKernel kernel = timer.Bind(
            timer.Pipeline(SampleShader.Description, timer.Device.Physical.IsCpu ? 256u : 512u),
            timer.Upload(logits), timer.Upload(Enumerable.Repeat(row, rows).ToArray()),
            timer.Upload(Enumerable.Range(0, rows * 64).Select(i => (uint)i * 37 % 20000).ToArray()),
            timer.Upload(new[] { rows, 0, 0, 0 }), timer.Filled((ulong)rows * sizeof(int), 0));
        var push = new SampleShader.PushConstants { VocabularySize = (uint)vocabulary, LogitStride = (uint)vocabulary };
        double microseconds = timer.Microseconds((commands, _) => commands.Dispatch(kernel, push, rows));
        timer.Clear();
        return microseconds;
    }
}
