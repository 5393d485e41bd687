using System;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models;

/// <summary>Fills a <see cref="ModelDescription"/> from a GGUF's metadata, and refuses what would silently give wrong results.</summary>
internal static class ModelDescriptionReader
{
    internal static ModelDescription Read(GgufFile file)
    {
        Architecture architecture = CheckArchitecture(file);
        MetadataChecks.Check(file, architecture);
        ModelDescription model = ReadValues(file, architecture);
        model.Validate(file.FileName);
        TensorChecks.Check(file, model);
        return model;
    }

    private static Architecture CheckArchitecture(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        string architecture = metadata.String("general.architecture")
            ?? throw new ModelFormatException($"{file.FileName}: the metadata has no general.architecture; convert the model again with a current converter.");
        string type = metadata.String("general.type", "model")!;
        if (type != "model")
            throw new UnsupportedModelException($"{file.FileName}: this is no model but of the type {GgufParser.Printable(type)}; name the model's own file.");
        Architecture known = Architecture.Find(architecture) ?? throw new UnsupportedModelException(
            $"{file.FileName}: the architecture {GgufParser.Printable(architecture)} is not supported; choose a model of one of these: {Architecture.Names}.");
        return known;
    }

    private static ModelDescription ReadValues(GgufFile file, Architecture architecture)
    {
        string prefix = architecture.Name + ".";
        float Number(string name, double max, float fallback) => file.Metadata.Number(prefix + name, 0, max, fallback);
        bool Has(string tensor) => file.TryGetTensor(tensor, out _);

        int Integer(string name, int? fallback = null)
        {
            string key = prefix + name;
            if (file.Metadata.TryGet(key, out GgufValue value) && value.Kind == GgufKind.Array)
                throw new UnsupportedModelException($"{file.FileName}: {key} differs from layer to layer, which is not supported; choose another model.");
            return file.Metadata.Integer(key, 0, int.MaxValue, fallback);
        }

        if (!file.Metadata.Bool(prefix + "attention.causal", true))
            throw new UnsupportedModelException($"{file.FileName}: the model's attention is not causal, so it cannot write text; choose another model.");
        int embeddingSize = Integer("embedding_length");
        int headCount = Integer("attention.head_count");
        int headSize = Integer("attention.key_length", headCount == 0 ? 0 : embeddingSize / headCount);
        if (Integer("attention.value_length", headSize) != headSize)
            throw new UnsupportedModelException($"{file.FileName}: keys and values of different sizes are not supported; choose another model.");
        int contextLength = Integer("context_length");
        int layerCount = Integer("block_count");
        float attentionScale = Number("attention.scale", 100, 0);
        bool scalesByWidth = headCount > 0 && layerCount > 0 && layerCount == architecture.WidthScaledLayerCount;
        int slidingWindow = Integer("attention.sliding_window", architecture.SlidingWindow);
        float slidingRopeBase = Number("rope.freq_base_swa", 1e12, architecture.SlidingRopeFrequencyBase ?? 0);
        return new ModelDescription
        {
            Architecture = architecture.Name,
            Name = GgufParser.Printable(file.Metadata.String("general.name", file.FileName)!),
            LayerCount = layerCount,
            EmbeddingSize = embeddingSize,
            FeedForwardSize = Integer("feed_forward_length"),
            HeadCount = headCount,
            KeyValueHeadCount = Integer("attention.head_count_kv", headCount),
            HeadSize = headSize,
            VocabularySize = TensorChecks.VocabularySize(file),
            ContextLength = contextLength,
            TiedEmbeddings = !Has(TensorNames.Output),
            EmbeddingScale = architecture.ScalesEmbeddings ? (float)Math.Sqrt(Math.Max(1, embeddingSize)) : 1,
            FusedQueryKeyValue = Has(TensorNames.Layer(0, TensorNames.QueryKeyValue)),
            FusedGateUp = architecture.HasFusedGateUp,
            QueryKeyValueBiases = architecture.HasQueryKeyValueBiases
                || Has(TensorNames.Layer(0, TensorNames.QueryBias)) || Has(TensorNames.Layer(0, TensorNames.QueryKeyValueBias)),
            AttentionOutputBias = Has(TensorNames.Layer(0, TensorNames.AttentionOutputBias)),
            HeadNorms = architecture.HasHeadNorms,
            PostNorms = architecture.HasPostNorms,
            GateActivation = architecture.GateActivation,
            AttentionSoftCap = Number("attn_logit_softcapping", 1e6, architecture.AttentionSoftCap),
            LogitSoftCap = Number("final_logit_softcapping", 1e6, architecture.LogitSoftCap),
            SlidingWindow = slidingWindow,
            SlidingLayers = slidingWindow == 0 ? null : LayerPatterns.Sliding(file, architecture, layerCount),
            UnrotatedLayers = LayerPatterns.Unrotated(architecture, layerCount),
            NormEpsilon = file.Metadata.Number(prefix + "attention.layer_norm_rms_epsilon", 0, 1),
            AttentionScale = attentionScale > 0 ? attentionScale : (float)(1 / Math.Sqrt(Math.Max(1, scalesByWidth ? embeddingSize / headCount : headSize))),
            RopeDimensionCount = Integer("rope.dimension_count", headSize),
            RopeFrequencyBase = Number("rope.freq_base", 1e12, 10000),
            SlidingRopeFrequencyBase = slidingRopeBase > 0 ? slidingRopeBase : null,
            RopeStyle = architecture.RopeStyle,
            RopeScaling = RopeScalingReader.Read(file, architecture, contextLength),
        };
    }
}
