using System;
using System.Collections.Generic;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models;

/// <summary>Holds a file's tensors against a description: each that is needed is there, with the right shape and a type that runs, and no others.</summary>
internal static class TensorChecks
{
    /// <summary>The vocabulary's size: rows of the token embedding, which must agree with the list of tokens.</summary>
    internal static int VocabularySize(GgufFile file)
    {
        GgufTensor embedding = Find(file, TensorNames.TokenEmbedding);
        if (embedding.Rows > 1 << 22) throw file.Damaged($"{embedding.Name} has {embedding.Rows} rows");
        if (file.Metadata.TryGet("tokenizer.ggml.tokens", out GgufValue tokens) && tokens.Count != embedding.Rows)
            throw file.Damaged($"the vocabulary has {tokens.Count} tokens, but {embedding.Name} has {embedding.Rows} rows");
        return (int)embedding.Rows;
    }

    /// <summary>Checks all tensors.</summary>
    internal static void Check(GgufFile file, ModelDescription model)
    {
        var known = new HashSet<string>();
        void Need(string name, params long[] shape)
        {
            known.Add(name);
            CheckTensor(file, name, shape);
        }

        Need(TensorNames.TokenEmbedding, model.EmbeddingSize, model.VocabularySize);
        Need(TensorNames.OutputNorm, model.EmbeddingSize);
        if (!model.TiedEmbeddings) Need(TensorNames.Output, model.EmbeddingSize, model.VocabularySize);
        if (model.RopeScaling.LongFrequencyFactors != null) known.UnionWith(new[] { TensorNames.ShortRopeFactors, TensorNames.LongRopeFactors });
        else if (model.RopeScaling.FrequencyFactors != null) known.Add(TensorNames.RopeFactors);
        for (int layer = 0; layer < model.LayerCount; layer++)
        {
            void NeedLayer(string name, params long[] shape) => Need(TensorNames.Layer(layer, name), shape);
            NeedLayer(TensorNames.AttentionNorm, model.EmbeddingSize);
            NeedQueryKeyValue(NeedLayer, model);
            NeedHeadNorms(NeedLayer, model);
            NeedLayer(TensorNames.AttentionOutput, model.QuerySize, model.EmbeddingSize);
            if (model.AttentionOutputBias) NeedLayer(TensorNames.AttentionOutputBias, model.EmbeddingSize);
            if (model.PostNorms) NeedLayer(TensorNames.PostAttentionNorm, model.EmbeddingSize);
            NeedLayer(TensorNames.FeedForwardNorm, model.EmbeddingSize);
            if (!model.FusedGateUp) NeedLayer(TensorNames.Gate, model.EmbeddingSize, model.FeedForwardSize);
            NeedLayer(TensorNames.Up, model.EmbeddingSize, model.FusedGateUp ? 2L * model.FeedForwardSize : model.FeedForwardSize);
            NeedLayer(TensorNames.Down, model.FeedForwardSize, model.EmbeddingSize);
            if (model.PostNorms) NeedLayer(TensorNames.PostFeedForwardNorm, model.EmbeddingSize);
        }
        foreach (GgufTensor tensor in file.Tensors)
        {
            if (!known.Contains(tensor.Name))
                throw new UnsupportedModelException($"{file.FileName}: the tensor {tensor.Name} is not one that {model.Architecture} models are run with here; choose another model.");
        }
    }

    private delegate void Requirement(string name, params long[] shape);

    private static void NeedQueryKeyValue(Requirement need, ModelDescription model)
    {
        if (model.FusedQueryKeyValue)
        {
            need(TensorNames.QueryKeyValue, model.EmbeddingSize, model.QuerySize + 2L * model.KeyValueSize);
            if (model.QueryKeyValueBiases) need(TensorNames.QueryKeyValueBias, model.QuerySize + 2L * model.KeyValueSize);
        }
        else
        {
            need(TensorNames.Query, model.EmbeddingSize, model.QuerySize);
            need(TensorNames.Key, model.EmbeddingSize, model.KeyValueSize);
            need(TensorNames.Value, model.EmbeddingSize, model.KeyValueSize);
            if (!model.QueryKeyValueBiases) return;
            need(TensorNames.QueryBias, model.QuerySize);
            need(TensorNames.KeyBias, model.KeyValueSize);
            need(TensorNames.ValueBias, model.KeyValueSize);
        }
    }

    private static void NeedHeadNorms(Requirement need, ModelDescription model)
    {
        if (!model.HeadNorms) return;
        need(TensorNames.QueryNorm, model.HeadSize);
        need(TensorNames.KeyNorm, model.HeadSize);
    }

    private static void CheckTensor(GgufFile file, string name, long[] shape)
    {
        GgufTensor tensor = Find(file, name);
        if (!HasShape(tensor, shape)) throw file.Damaged($"tensor {name} is {tensor.Shape}, but the model's metadata asks for {string.Join(" x ", shape)}");
        if (tensor.Type.IsSupported()) return;
        throw new UnsupportedModelException(
            $"{file.FileName}: tensor {name} is of the type {tensor.Type}, which is not supported; quantise the model to one of {TensorTypes.SupportedNames}.");
    }

    private static GgufTensor Find(GgufFile file, string name) =>
        file.TryGetTensor(name, out GgufTensor tensor) ? tensor : throw Missing(file, name);

    private static Exception Missing(GgufFile file, string name) => file.Tensors.Count == 0
        ? new UnsupportedModelException($"{file.FileName}: the file has a vocabulary but no weights; choose a whole model.")
        : file.Damaged($"the tensor {name} is missing");

    private static bool HasShape(GgufTensor tensor, long[] shape)
    {
        // Trailing dimensions of 1 say nothing, and some writers keep them.
        for (int i = 0; i < Math.Max(shape.Length, tensor.Dimensions.Count); i++)
        {
            long expected = i < shape.Length ? shape[i] : 1;
            long actual = i < tensor.Dimensions.Count ? tensor.Dimensions[i] : 1;
            if (expected != actual) return false;
        }
        return true;
    }
}
