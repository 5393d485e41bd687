using System;
using System.IO;
using System.Runtime.InteropServices;
using EngineLlm.Kernels;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Models.Weights;
using EngineLlm.Scheduling;
using EngineLlm.Vulkan;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>Every weight type, from GGUF's blocks through packing to what kernels make of it, against the reference's own dequantised values.</summary>
internal sealed unsafe class WeightTypesTests
{
    private const int Rows = 8;
    private const int Columns = 512;

    private static readonly TensorType[] s_types =
    {
        TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1,
        TensorType.Q2_K, TensorType.Q3_K, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K, TensorType.IQ4_NL, TensorType.IQ4_XS,
        TensorType.MXFP4,
    };

    [TestCaseSource(nameof(s_types))]
    public void AnEmbeddingIsTheReferencesRow(TensorType type)
    {
        (byte[] blocks, float[] expected) = ReadReference(type);
        using var bench = new Bench(type, blocks);
        float[] actual = bench.Embed();
        double[] errors = PackingErrors(type, blocks, bench.Order);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(Math.Abs(expected[i]) * 1e-6 + errors[i]), $"{type}, row {i / Columns}, column {i % Columns}");
        }
    }

    [TestCaseSource(nameof(s_types))]
    public void AProductIsThatOfTheReferencesRows(TensorType type)
    {
        (byte[] blocks, float[] expected) = ReadReference(type);
        using var bench = new Bench(type, blocks);
        double[] errors = PackingErrors(type, blocks, bench.Order);
        foreach (int tokens in new[] { 1, 2, 3, 8, 11 })
        {
            float[] input = RandomInput(tokens);
            float[] actual = bench.Multiply(input, tokens);
            for (int token = 0; token < tokens; token++)
            {
                for (int row = 0; row < Rows; row++)
                {
                    double sum = 0, magnitude = 0, packingError = 0;
                    for (int column = 0; column < Columns; column++)
                    {
                        double x = input[token * Columns + column];
                        sum += expected[row * Columns + column] * x;
                        magnitude += Math.Abs(expected[row * Columns + column] * x);
                        packingError += errors[row * Columns + column] * Math.Abs(x);
                    }
                    Assert.That(actual[token * Rows + row], Is.EqualTo(sum).Within(1e-5 * magnitude + packingError), $"{type}, {tokens} tokens, token {token}, row {row}");
                }
            }
        }
    }

    [Test]
    public void EveryPowerOfTwoSurvivesAsAScale()
    {
        // Those of normal floats: devices may take smaller ones for zero.
        const int smallest = 8, largest = 247;
        var random = new Random(5);
        var blocks = new byte[Rows * Columns / 32 * 17];
        random.NextBytes(blocks);
        for (int i = 0; i < Rows * Columns / 32; i++) blocks[17 * i] = (byte)(smallest + (i * 31) % (largest - smallest + 1));
        var expected = new float[Rows * Columns];
        Dequantizer.Dequantize(TensorType.MXFP4, blocks, expected);
        using var bench = new Bench(TensorType.MXFP4, blocks);
        Assert.That(bench.Embed(), Is.EqualTo(expected));
    }

    // Some types keep scale and minimum of 32 weights as products, which are rounded to f16 when they are packed: 2^-11 of each at most. A
    // lone scale is a float in the order for devices of type CPU.
    private static double[] PackingErrors(TensorType type, byte[] blocks, WeightOrder order)
    {
        var errors = new double[Rows * Columns];
        bool isRoundedLoneScale = type == TensorType.IQ4_XS && order == WeightOrder.Rows;
        if (!isRoundedLoneScale && type is not (TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K)) return errors;
        fixed (byte* first = blocks)
        {
            for (int i = 0; i < errors.Length; i += 32)
            {
                WeightBlock block = default;
                block.Read(type, first + i / Columns * (blocks.Length / Rows), i % Columns / 32);
                for (int k = 0; k < 32; k++)
                {
                    bool hasMinimum = type is TensorType.Q4_K or TensorType.Q5_K;
                    double scaled = hasMinimum ? block.Scale * block.Fields[k] : block.Value(type, k);
                    errors[i + k] = (Math.Abs(scaled) + Math.Abs(block.Minimum)) / 2048;
                }
            }
        }
        return errors;
    }

    private static (byte[] Blocks, float[] Expected) ReadReference(TensorType type)
    {
        string folder = SharedFiles.PathOf("golden", "quants");
        // Plain floats need no reference of their own.
        byte[] values = File.ReadAllBytes(Path.Combine(folder, $"{(type == TensorType.F32 ? TensorType.F16 : type)}.f32"));
        byte[] blocks = type == TensorType.F32 ? values : File.ReadAllBytes(Path.Combine(folder, $"{type}.blocks"));
        return (blocks, MemoryMarshal.Cast<byte, float>(values).ToArray());
    }

    private static float[] RandomInput(int tokens)
    {
        var random = new Random(tokens);
        var input = new float[tokens * Columns];
        for (int i = 0; i < input.Length; i++) input[i] = (float)(random.NextDouble() * 2 - 1);
        return input;
    }

    /// <summary>One matrix on the device, with the kernels that read it.</summary>
    private sealed class Bench : IDisposable
    {
        private const int MaxTokens = 16;
        private readonly VulkanDevice _device;
        private readonly DeviceMemoryPool _memory;
        private readonly KernelContext _context;
        private readonly CommandListPool _commands;
        private readonly StepBuffers _step;
        private readonly Activations _activations;
        private readonly Embedding _embedding;
        private readonly Matmul _matmul;
        private readonly DeviceBuffer _host;

        internal Bench(TensorType type, byte[] blocks)
        {
            EngineOptions options = TestEngine.Options;
            var limits = new StepLimits(MaxTokens, MaxTokens, 32, 1, 32, 32, false);
            var model = new ModelDescription
            {
                LayerCount = 1, EmbeddingSize = Columns, FeedForwardSize = Columns, HeadCount = 1, KeyValueHeadCount = 1, HeadSize = 8, VocabularySize = Rows, ContextLength = 32,
            };
            _device = VulkanDevice.Open(options.Device, options.Validation);
            _memory = new DeviceMemoryPool(_device);
            _context = new KernelContext(_device, _memory);
            _commands = new CommandListPool(_device, _device.Compute);
            _step = new StepBuffers(_memory, limits);
            _activations = new Activations(_memory, model, limits);
            _host = _memory.Create(MaxTokens * Columns * sizeof(float), BufferPlace.ReadBack);
            WeightMatrix matrix;
            fixed (byte* first = blocks)
            {
                using var loader = new WeightLoader(_device, _memory, _context.Order, null, default);
                matrix = loader.LoadMatrix(MatrixRows.Stack(new TensorData("matrix", type, Rows, Columns, (nint)first, Rows)));
            }
            _embedding = new Embedding(_context, matrix, _step, _activations);
            _matmul = new Matmul(_context, matrix, new Matmul.Operands
            {
                Input = _activations.Residual,
                InputStride = _activations.ResidualStride,
                Output = _activations.Gate,
                OutputStride = Rows,
                OutputRows = Rows,
                Counts = _step.Counts,
            });
            _context.Pipelines.Compile();
        }

        internal WeightOrder Order => _context.Order;

        /// <summary>[row][column] what the embedding kernel takes out of the matrix.</summary>
        internal float[] Embed()
        {
            WriteStep(Rows);
            Run(commands =>
            {
                _embedding.Record(commands, Rows);
                ReadBack(commands, _activations.Residual, Rows * Columns);
            });
            return _host.Span<float>().Slice(0, Rows * Columns).ToArray();
        }

        /// <summary>[token][row] products.</summary>
        internal float[] Multiply(float[] input, int tokens)
        {
            WriteStep(tokens);
            using var staging = new StagingUploader(_device);
            input.CopyTo(new Span<float>(staging.Begin(input.Length * sizeof(float)), input.Length));
            staging.Copy(0, _activations.Residual, 0, input.Length * sizeof(float));
            staging.End();
            staging.WaitForAll();
            Run(commands =>
            {
                _matmul.Record(commands, tokens);
                ReadBack(commands, _activations.Gate, tokens * Rows);
            });
            return _host.Span<float>().Slice(0, tokens * Rows).ToArray();
        }

        public void Dispose()
        {
            Assert.That(_device.ValidationMessages, Is.Empty);
            _commands.Dispose();
            _context.Dispose();
            _memory.Dispose();
            _device.Dispose();
        }

        private void WriteStep(int tokens)
        {
            var plan = new StepPlan(MaxTokens, 1, 1) { TokenCount = tokens, RowCount = 1 };
            for (int i = 0; i < tokens; i++) plan.Tokens[i] = i % Rows;
            _step.Write(plan, (1, 1), 1);
        }

        private void ReadBack(CommandList commands, DeviceBuffer source, int floats)
        {
            commands.BarrierBetweenShadersAndCopies();
            commands.Copy(source.Range(0, (ulong)floats * sizeof(float)), _host.Range(0, (ulong)floats * sizeof(float)));
            commands.BarrierToHost();
        }

        private void Run(Action<CommandList> record)
        {
            CommandList commands = _commands.Create();
            commands.Begin(once: true);
            _step.RecordUpload(commands);
            record(commands);
            commands.End();
            var handle = commands.Handle;
            _device.Compute.Wait(_device.Compute.Submit(new ReadOnlySpan<Silk.NET.Vulkan.CommandBuffer>(&handle, 1)));
        }
    }
}
