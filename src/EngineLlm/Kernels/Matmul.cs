using System;
using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;
using Constant = EngineLlm.Kernels.Generated.MatmulLanesShader.Constant;


namespace EngineLlm.Kernels;

/// <summary>
/// The product of a weight matrix with the activations of a step's tokens, with what is fused into it: matmul_rows.comp on GPUs, matmul_lanes.comp
/// on devices of type CPU. The two have the same bindings, push constants and options. One object for each matrix of the model.
/// </summary>
internal sealed class Matmul
{
    // Row groups and tokens that are in registers at once, for steps of up to so many tokens.
    private static readonly Shape[] s_lanesShapes = { new(1, 8, 1), new(2, 8, 2), new(4, 4, 4), new(int.MaxValue, 4, 8) };
    private static readonly Shape[] s_rowsShapes = { new(1, 2, 1), new(2, 2, 2), new(4, 4, 4), new(int.MaxValue, 4, 8) };

    private static readonly ShaderDescription[] s_rowsShaders =
    {
        MatmulRowsQ4Shader.Description, MatmulRowsQ4mShader.Description, MatmulRowsQ5mShader.Description, MatmulRowsQ6Shader.Description,
        MatmulRowsQ8Shader.Description, MatmulRowsQ2Shader.Description, MatmulRowsQ3Shader.Description, MatmulRowsNl4Shader.Description,
        MatmulRowsFp4Shader.Description, MatmulRowsF16Shader.Description, MatmulRowsBf16Shader.Description, MatmulRowsF32Shader.Description,
    };

    private readonly WeightMatrix _weights;
    private readonly Operands _operands;
    private readonly Shape[] _shapes;
    private readonly BoundKernel[,] _kernels; // [part, shape]

    internal Matmul(KernelContext context, WeightMatrix weights, Operands operands)
    {
        _weights = weights;
        _operands = operands;
        _shapes = context.Order == WeightOrder.Lanes ? s_lanesShapes : s_rowsShapes;
        _kernels = new BoundKernel[weights.Parts.Count, _shapes.Length];
        for (int shape = 0; shape < _shapes.Length; shape++)
        {
            ComputePipeline pipeline = Pipeline(context, _shapes[shape]);
            for (int part = 0; part < weights.Parts.Count; part++) _kernels[part, shape] = Bind(context, pipeline, weights.Parts[part]);
        }
    }

    /// <summary>What a product reads and writes, beside its weights.</summary>
    internal sealed record Operands
    {
        /// <summary>[input row][InputStride] activations.</summary>
        internal required DeviceBuffer Input { get; init; }

        /// <summary>Floats from an input row to the next, a multiple of 4.</summary>
        internal required int InputStride { get; init; }

        /// <summary>[token][OutputStride] where results go.</summary>
        internal required DeviceBuffer Output { get; init; }

        /// <summary>Floats from a token's output to the next.</summary>
        internal required int OutputStride { get; init; }

        /// <summary>Where in a token's output the first row goes.</summary>
        internal int OutputFirstRow { get; init; }

        /// <summary>Weights of the RMS norm that the input passes first; null for no norm.</summary>
        internal DeviceBuffer? Gain { get; init; }

        /// <summary>Epsilon of that norm.</summary>
        internal float Epsilon { get; init; }

        /// <summary>Adds the result to what the output holds.</summary>
        internal bool Residual { get; init; }

        /// <summary>Not null where rows are gate and up interleaved: activation(gate) * up is stored.</summary>
        internal GateActivation? Gate { get; init; }

        /// <summary>[rows padded to whole workgroups] what is added to the product; null for nothing.</summary>
        internal DeviceBuffer? Bias { get; init; }

        /// <summary>The result x becomes SoftCap * tanh(x / SoftCap); 0 for no cap.</summary>
        internal float SoftCap { get; init; }

        /// <summary>Rows to store; the matrix may have rows of padding beyond.</summary>
        internal required int OutputRows { get; init; }

        /// <summary>[token] which input row each token reads; null for its own.</summary>
        internal BufferRange? InputRows { get; init; }

        /// <summary>Where the number of tokens stands in <see cref="Counts"/>.</summary>
        internal StepCount Count { get; init; }

        /// <summary>The step's counts.</summary>
        internal required BufferRange Counts { get; init; }
    }

    /// <summary>Records the product for up to that many tokens; fewer may come at run time.</summary>
    internal void Record(CommandList commands, int tokens)
    {
        int shape = Array.FindIndex(_shapes, s => tokens <= s.MaxTokens);
        for (int part = 0; part < _weights.Parts.Count; part++)
        {
            int groups = (_weights.Parts[part].RowCount + WeightOrders.GroupRows - 1) / WeightOrders.GroupRows;
            commands.Dispatch(
                _kernels[part, shape],
                Push(_weights.Parts[part], groups),
                CeilDivide(groups, RowGroups(_shapes[shape])),
                CeilDivide(tokens, _shapes[shape].TokenTile));
        }
    }

    private ComputePipeline Pipeline(KernelContext context, Shape shape)
    {
        bool lanes = context.Order == WeightOrder.Lanes;
        var constants = new uint[11];
        constants[Constant.Format] = (uint)_weights.Format;
        constants[Constant.RowGroups] = (uint)RowGroups(shape);
        constants[Constant.TokenTile] = (uint)shape.TokenTile;
        constants[Constant.Norm] = _operands.Gain is null ? 0u : 1u;
        constants[Constant.Gated] = _operands.Gate is null ? 0u : 1u;
        constants[Constant.Bias] = _operands.Bias is null ? 0u : 1u;
        constants[Constant.Residual] = _operands.Residual ? 1u : 0u;
        constants[Constant.Gather] = _operands.InputRows is null ? 0u : 1u;
        constants[Constant.Gelu] = _operands.Gate == GateActivation.Gelu ? 1u : 0u;
        constants[Constant.SoftCap] = _operands.SoftCap > 0 ? 1u : 0u;
        if (!lanes) constants[MatmulRowsQ4Shader.Constant.LocalSizeX] = RowsLocalSize;
        return context.Pipelines.Get(lanes ? MatmulLanesShader.Description : s_rowsShaders[(int)_weights.Format], constants);
    }

    private BoundKernel Bind(KernelContext context, ComputePipeline pipeline, WeightPart part) => context.Bindings.Bind(
        pipeline,
        KernelContext.Quads(part.Quads),
        KernelContext.Quads(part.Words),
        KernelContext.FloatQuads(_operands.Input),
        KernelContext.FloatQuads(_operands.Gain ?? context.Unused),
        KernelContext.Floats(BiasOf(part) ?? context.Unused),
        _operands.Counts,
        _operands.InputRows ?? context.Unused,
        _operands.Output);

    private BufferRange? BiasOf(WeightPart part)
    {
        if (_operands.Bias is not { } bias) return null;
        ulong first = (ulong)part.FirstRow * sizeof(float);
        return bias.Range(first, bias.Bytes - first);
    }

    private MatmulLanesShader.PushConstants Push(WeightPart part, int groups)
    {
        int firstRow = _operands.Gate is not null ? part.FirstRow / 2 : part.FirstRow;
        return new MatmulLanesShader.PushConstants
        {
            CountSlot = (uint)_operands.Count,
            GroupCount = (uint)groups,
            BlockCount = (uint)_weights.BlockCount,
            ColumnCount = (uint)_weights.Columns,
            InputQuadStride = (uint)_operands.InputStride / 4,
            OutputStride = (uint)_operands.OutputStride,
            OutputFirstRow = (uint)(_operands.OutputFirstRow + firstRow),
            OutputRowCount = (uint)Math.Min(_operands.OutputRows - firstRow, _operands.Gate is not null ? part.RowCount / 2 : part.RowCount),
            Epsilon = _operands.Epsilon,
            SoftCap = _operands.SoftCap,
        };
    }

    // The local size decides the order of additions, so it belongs to the matrix, not to the shape.
    // Beside x of eight tokens for 256 invocations shared memory has no room for a codebook.
    private uint RowsLocalSize => _weights.BlockCount switch
    {
        <= 24 => 64,
        <= 192 => 128,
        _ => _weights.Format.HasCodebook() ? 128u : 256u,
    };

    // Gate and up groups are computed by one invocation; there are so many of them that a GPU has enough to do with two of each.
    private int RowGroups(Shape shape) => _operands.Gate is not null ? Math.Max(4, shape.RowGroups) : shape.RowGroups;

    private static int CeilDivide(int value, int divisor) => (value + divisor - 1) / divisor;

    private readonly record struct Shape(int MaxTokens, int RowGroups, int TokenTile);
}
