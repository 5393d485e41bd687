using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Kernels.Generated;
using EngineLlm.ShaderTests.Checks;
using EngineLlm.Vulkan;

namespace EngineLlm.Benchmarks;

/// <summary>matmul_rows.comp on the matrices of a model of 8 billion weights; on devices of type CPU, of 135 million.</summary>
internal sealed class MatmulBenchmark(KernelTimer timer) : IBenchmark
{
    /// <summary>A matrix of the model.</summary>
    private sealed record Matrix(string Name, int Rows, int Columns, bool Norm = false, bool Gated = false, bool Residual = false);

    /// <summary>How a dispatch is cut into workgroups.</summary>
    private sealed record Shape(int LocalSize, int RowGroups, int Tile);

    private static readonly Matrix[] s_large =
    [
        new("qkv", 6144, 4096, Norm: true), new("o", 4096, 4096, Residual: true), new("gate and up", 28672, 4096, Norm: true, Gated: true),
        new("down", 4096, 14336, Residual: true), new("head", 128256, 4096, Norm: true),
    ];

    private static readonly Matrix[] s_small =
        [new("qkv", 960, 576, Norm: true), new("gate and up", 3072, 576, Norm: true, Gated: true), new("down", 576, 1536, Residual: true)];

    public string Name => "matmul_rows";

    public void Run()
    {
        Matrix[] matrices = timer.Device.Physical.IsCpu ? s_small : s_large;
        Console.WriteLine($"\n{Name}, microseconds (GB/s of weights)");
        Console.WriteLine($"{"",-30}{string.Join("", s_tokens.Select(t => $"{t + " tokens",16}"))}");
        foreach (Matrix matrix in matrices) Print(matrix, WeightFormat.Q4);
        WeightFormat[] others = 
        [
            WeightFormat.Q4M, WeightFormat.Q5M, WeightFormat.Q6, WeightFormat.Q8, WeightFormat.Q2, WeightFormat.Q3, WeightFormat.NL4,
            WeightFormat.FP4, WeightFormat.F16,
        ];
        foreach (WeightFormat format in others) Print(matrices[1], format);
    }

    /// <summary>Times every shape of workgroup and prints the best for each matrix, number of tokens and size of workgroup.</summary>
    internal static void Tune(KernelTimer timer)
    {
        // Kernels follow each other without a pause, so the device stays warm.
        timer.WarmUpMilliseconds = 60;
        foreach (Matrix matrix in timer.Device.Physical.IsCpu ? s_small : s_large[..4])
        {
            using var operands = new Operands(timer, matrix, WeightFormat.Q4, 32);
            int[] tokenCounts = [1, 2, 4, 8, 16];
            IEnumerable<Shape> shapes = tokenCounts.SelectMany(tokens => Shapes(matrix, tokens));
            timer.Compile(MatmulRowsCheck.ShaderOf(WeightFormat.Q4), shapes.Select(operands.Constants));
            foreach (int tokens in tokenCounts)
            {
                var results = Shapes(matrix, tokens).Select(shape => (Shape: shape, Microseconds: operands.Time(shape, tokens))).ToList();
                foreach (var group in results.GroupBy(r => r.Shape.LocalSize))
                {
                    foreach ((Shape shape, double microseconds) in group.OrderBy(r => r.Microseconds).Take(2))
                    {
                        double rate = operands.Bytes / microseconds / 1e3;
                        Console.WriteLine($"{matrix.Name,-12} {tokens,3} tokens: {microseconds,8:F1} us {rate,6:F0} GB/s  {shape}");
                    }
                }
            }
        }
    }

    private static readonly int[] s_tokens = [1, 2, 4, 8, 16, 64];

    private void Print(Matrix matrix, WeightFormat format)
    {
        using var operands = new Operands(timer, matrix, format, 64);
        Console.Write($"{matrix.Name + " " + matrix.Rows + "x" + matrix.Columns + " " + format,-30}");
        foreach (int tokens in s_tokens)
        {
            double microseconds = operands.Time(Default(matrix, tokens), tokens);
            Console.Write($"{$"{microseconds:F1} ({operands.Bytes / microseconds / 1e3:F0})",16}");
        }
        Console.WriteLine();
    }

    /// <summary>What the runtime chooses.</summary>
    private static Shape Default(Matrix matrix, int tokens)
    {
        (int rowGroups, int tile) = tokens switch { 1 => (2, 1), 2 => (2, 2), <= 4 => (4, 4), _ => (4, 8) };
        int localSize = matrix.Columns <= 24 * 32 ? 64 : matrix.Columns <= 192 * 32 ? 128 : 256;
        return new Shape(localSize, matrix.Gated ? 4 : rowGroups, tile);
    }

    private static IEnumerable<Shape> Shapes(Matrix matrix, int tokens)
    {
        foreach (int localSize in (int[])[64, 128, 256, 512])
        {
            foreach (int rowGroups in (int[])[1, 2, 4, 8])
            {
                foreach (int tile in (int[])[1, 2, 4, 8, 16])
                {
                    bool isSensible = tile <= tokens && tile * 2 >= tokens && tile * rowGroups <= 64 && !(matrix.Gated && rowGroups == 1);
                    // x of all tokens must fit into 32 KiB of shared memory.
                    if (isSensible && localSize * tile <= 2048) yield return new Shape(localSize, rowGroups, tile);
                }
            }
        }
    }

    /// <summary>Buffers of one matrix: so many copies of the weights that no cache holds them all.</summary>
    private sealed class Operands : IDisposable
    {
        private readonly KernelTimer _timer;
        private readonly Matrix _matrix;
        private readonly WeightFormat _format;
        private readonly (DeviceBuffer Quads, DeviceBuffer Words)[] _copies;
        private readonly DeviceBuffer _input, _gain, _output;
        private readonly int _groups, _blocks;

        internal Operands(KernelTimer timer, Matrix matrix, WeightFormat format, int maxTokens)
        {
            (_timer, _matrix, _format) = (timer, matrix, format);
            _groups = (matrix.Rows + 7) / 8;
            _blocks = matrix.Columns / 32;
            ulong units = (ulong)_groups * 8 * (ulong)_blocks;
            (uint quadBytes, uint wordBytes) = BytesOf(format);
            ulong quads = units * quadBytes, words = units * wordBytes;
            Bytes = quads + words;
            ulong wanted = timer.Device.Physical.IsCpu ? 32u << 20 : 512u << 20;
            _copies = new (DeviceBuffer, DeviceBuffer)[(int)Math.Clamp(wanted / Bytes, 1, 64)];
            for (int i = 0; i < _copies.Length; i++)
                _copies[i] = (timer.Filled(Math.Max(quads, 16), 0x12345678), timer.Filled(Math.Max(words, 16), 0x2c002c00));
            _input = timer.Filled((ulong)(maxTokens * matrix.Columns * 4), 0x3f000000);
            _gain = timer.Filled((ulong)matrix.Columns * 4, 0x3f800000);
            _output = timer.Filled((ulong)(maxTokens * matrix.Rows * 4), 0);
        }

        /// <summary>Of the weights.</summary>
        internal ulong Bytes { get; }

        internal uint[] Constants(Shape shape) => MatmulRowsCheck.Constants(new MatmulCase
        {
            Format = _format, RowGroups = shape.RowGroups, Tile = shape.Tile, LocalSize = shape.LocalSize,
            Norm = _matrix.Norm, Gated = _matrix.Gated, Residual = _matrix.Residual,
        });

        internal double Time(Shape shape, int tokens)
        {
            ComputePipeline pipeline = _timer.Pipeline(MatmulRowsCheck.ShaderOf(_format), Constants(shape));
            DeviceBuffer counts = _timer.Upload(new[] { tokens, 0, 0, 0 });
            DeviceBuffer none = _timer.Nothing;
            BoundKernel[] kernels =
                [.. _copies.Select(c => _timer.Bind(pipeline, c.Quads, c.Words, _input, _gain, none, counts, none, _output))];
            int rows = _matrix.Gated ? _matrix.Rows / 2 : _matrix.Rows;
            var push = new MatmulRowsQ4Shader.PushConstants
            {
                GroupCount = (uint)_groups,
                BlockCount = (uint)_blocks,
                ColumnCount = (uint)_matrix.Columns,
                InputQuadStride = (uint)_matrix.Columns / 4,
                OutputStride = (uint)rows,
                OutputRowCount = (uint)rows,
                Epsilon = 1e-5f,
            };
            int x = (_groups + shape.RowGroups - 1) / shape.RowGroups, y = (tokens + shape.Tile - 1) / shape.Tile;
            return _timer.Microseconds((commands, i) => commands.Dispatch(kernels[i % kernels.Length], push, x, y));
        }

        public void Dispose() => _timer.Clear();

        /// <summary>Bytes of a block of 32 weights: quads, and words.</summary>
        private static (uint Quads, uint Words) BytesOf(WeightFormat format) => format switch
        {
            WeightFormat.Q4 => (16, 2),
            WeightFormat.Q4M => (16, 4),
            WeightFormat.Q5M => (16, 8),
            WeightFormat.Q6 => (16, 12),
            WeightFormat.Q8 => (32, 2),
            WeightFormat.Q2 => (0, 12),
            WeightFormat.Q3 => (16, 0),
            WeightFormat.NL4 or WeightFormat.FP4 => (16, 2),
            WeightFormat.F32 => (128, 0),
            _ => (64, 0),
        };
    }
}
