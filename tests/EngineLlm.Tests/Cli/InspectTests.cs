using System.IO;
using System.Linq;
using System.Text.Json;
using EngineLlm.Cli.Inspecting;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Tests.Models;
using EngineLlm.Tests.Models.Gguf;
using EngineLlm.Tests.Tokenization;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

/// <summary>`enginellm inspect`: what a file is, whether it runs here, what memory it takes, and what is in the way.</summary>
internal sealed class InspectTests
{
    private static readonly InspectRequest s_gpu = new() { Device = DeviceCapacity.Typical };

    [Test]
    public void AModelThatRunsSaysWhatItTakes()
    {
        ModelReport report = Inspect(WholeModel(), s_gpu with { Conversations = 3, ContextLength = 100 });
        Assert.That(report.Problems, Is.Empty);
        Assert.That((report.Runs, report.Kind, report.Parts), Is.EqualTo((true, FileKind.Model, 1)));
        Assert.That(report.Device, Is.EqualTo(DeviceCapacity.Typical.Name));
        MemoryReport memory = report.Memory!;
        // Four pages of 32 slots for 100 tokens; 2 layers, keys and values, 2 heads of 8 as halves.
        Assert.That((memory.Conversations, memory.ContextLength), Is.EqualTo((3, 100)));
        Assert.That(memory.PageBytes, Is.EqualTo(3UL * 4 * 32 * 2 * 2 * 2 * 8 * 2));
        Assert.That(memory.TotalBytes, Is.EqualTo(memory.WeightBytes + memory.PageBytes + memory.WorkBytes));
        Assert.That(memory.AllocatedBytes, Is.GreaterThanOrEqualTo(memory.TotalBytes));
    }

    [Test]
    public void MoreConversationsTakeMorePagesAndNoMoreWeights()
    {
        MemoryReport few = Inspect(WholeModel(), s_gpu with { Conversations = 2 }).Memory!;
        MemoryReport many = Inspect(WholeModel(), s_gpu with { Conversations = 6 }).Memory!;
        Assert.That(few.ContextLength, Is.EqualTo(128), "what the model was trained for");
        Assert.That((many.PageBytes, many.WeightBytes), Is.EqualTo((3 * few.PageBytes, few.WeightBytes)));
    }

    [Test]
    public void AVocabularyIsRecognised()
    {
        ModelReport report = Inspect(TinyVocabulary.BytePair(), s_gpu);
        Assert.That((report.Runs, report.Kind, report.VocabularySize), Is.EqualTo((false, FileKind.Vocabulary, (int?)260)));
        Assert.That(report.Memory, Is.Null);
        Assert.That(report.Problems.Select(p => p.Part), Is.EqualTo(new[] { "kind" }));
    }

    [Test]
    public void EveryUnsupportedPartIsNamed()
    {
        ModelReport report = Inspect(
            WholeModel().Remove("general.architecture").Add("general.architecture", "mamba")
                .Remove("tokenizer.ggml.pre").Add("tokenizer.ggml.pre", "unheard-of")
                .RemoveTensor("output_norm.weight").Tensor("output_norm.weight", TensorType.IQ2_XS, 256),
            s_gpu with { Device = null, DeviceProblem = "No Vulkan driver was found." });
        Assert.That(report.Problems.Select(p => p.Part), Is.EqualTo(new[] { "weights", "architecture", "vocabulary", "device" }));
        Assert.That(report.Problems[0].Text, Does.Contain("1 of 20 tensors are IQ2_XS"));
        Assert.That(report.Problems[1].Text, Does.Contain("mamba"));
        Assert.That(report.Problems[2].Text, Does.Contain("unheard-of"));
        Assert.That(report.Problems.All(p => !p.Text.Contains('\n')), Is.True);
    }

    [Test]
    public void AWeightTypeIsNamedOnce()
    {
        GgufBuilder builder = WholeModel().RemoveTensor("output_norm.weight").Tensor("output_norm.weight", TensorType.I32, 32);
        ModelReport report = Inspect(builder, s_gpu);
        Assert.That(report.Problems.Select(p => p.Part), Is.EqualTo(new[] { "weights" }));
    }

    [Test]
    public void ADeviceWithoutRoomIsAProblem()
    {
        ModelReport small = Inspect(WholeModel(), s_gpu with { Device = DeviceCapacity.Typical with { LocalBytes = 32 << 20 } });
        Assert.That(small.Problems.Select(p => p.Part), Is.EqualTo(new[] { "memory" }));
        ModelReport narrow = Inspect(WholeModel(), s_gpu with { Device = DeviceCapacity.Typical with { MaxBindingBytes = 4096 } });
        Assert.That(narrow.Problems.Single().Text, Does.Contain("Ask for fewer pages"));
        Assert.That(narrow.Memory, Is.Null);
    }

    [Test]
    public void WithoutADeviceMemoryIsThatOfAGpu()
    {
        ModelReport report = Inspect(WholeModel(), s_gpu with { Device = null, DeviceProblem = "No Vulkan driver was found." });
        Assert.That((report.Runs, report.Device), Is.EqualTo((false, (string?)null)));
        Assert.That(report.Memory!.TotalBytes, Is.EqualTo(Inspect(WholeModel(), s_gpu).Memory!.TotalBytes));
    }

    [Test]
    public void TheCommandReadsSplitFilesAndPrintsJson()
    {
        string folder = Directory.CreateTempSubdirectory("enginellm-inspect-").FullName;
        try
        {
            GgufBuilder[] parts = WholeModel().Split(2);
            for (int i = 0; i < parts.Length; i++)
                File.WriteAllBytes(Path.Combine(folder, $"m-0000{i + 1}-of-00002.gguf"), parts[i].ToArray());
            string second = Path.Combine(folder, "m-00002-of-00002.gguf");
            CommandRun run = CommandRun.Of("inspect", second, "--json", "--conversations", "5", "--context", "64");
            Assert.That(run.ExitCode, Is.Zero, run.Error);
            JsonElement report = JsonDocument.Parse(run.Output).RootElement;
            Assert.That((report.GetProperty("parts").GetInt32(), report.GetProperty("tensor_count").GetInt32()), Is.EqualTo((2, 20)));
            Assert.That(report.GetProperty("memory").GetProperty("conversations").GetInt32(), Is.EqualTo(5));
            CommandRun table = CommandRun.Of("inspect", Path.Combine(folder, "m-00001-of-00002.gguf"));
            Assert.That(table.Output, Does.Contain("4 conversations of 128 tokens").And.Contain("runs here"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static GgufBuilder WholeModel()
    {
        // The vocabulary's 260 tokens instead of the model's eight.
        GgufBuilder builder = TinyModel.Builder().RemoveTensor("token_embd.weight").Tensor("token_embd.weight", TensorType.Q8_0, 32, 260);
        return builder.AddPairs(TinyVocabulary.BytePair().Remove("general.architecture"));
    }

    private static ModelReport Inspect(GgufBuilder builder, InspectRequest request)
    {
        using var temporary = new TemporaryFile(builder.ToArray());
        using GgufFile file = GgufFile.Open(temporary.Path);
        return ModelInspector.Inspect(file, request);
    }
}
