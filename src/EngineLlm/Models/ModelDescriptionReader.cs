using EngineLlm.Models.Gguf;

namespace EngineLlm.Models;

/// <summary>Fills a <see cref="ModelDescription"/> from a GGUF's metadata, and refuses what would silently give wrong results.</summary>
internal static class ModelDescriptionReader
{
    private const string SupportedArchitectures = "llama";

    /// <summary>Features that change the result and that nothing here computes. Zero or false means the feature is off.</summary>
    private static readonly string[] s_unsupportedFeatures =
    {
        "expert_count", "expert_used_count", "attention.sliding_window", "attn_logit_softcapping", "final_logit_softcapping",
        "attention.clamp_kqv", "attention.max_alibi_bias", "logit_scale", "embedding_scale", "residual_scale", "use_parallel_residual",
        "rope.scaling.yarn_log_multiplier", "attention.temperature_scale", "attention.temperature_length", "nextn_predict_layers",
        "leading_dense_block_count", "attention.group_norm_groups", "swin_norm",
    };

    internal static ModelDescription Read(GgufFile file)
    {
        string architecture = CheckArchitecture(file);
        foreach (string feature in s_unsupportedFeatures) RefuseFeature(file, $"{architecture}.{feature}");
        ModelDescription model = ReadValues(file, architecture);
        model.Validate(file.FileName);
        TensorChecks.Check(file, model);
        return model;
    }

    private static string CheckArchitecture(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        string architecture = metadata.String("general.architecture")
            ?? throw new ModelFormatException($"{file.FileName}: the metadata has no general.architecture; convert the model again with a current converter.");
        string type = metadata.String("general.type", "model")!;
        if (type != "model")
            throw new UnsupportedModelException($"{file.FileName}: this is no model but of the type {GgufParser.Printable(type)}; name the model's own file.");
        if (architecture != SupportedArchitectures)
        {
            throw new UnsupportedModelException(
                $"{file.FileName}: the architecture {GgufParser.Printable(architecture)} is not supported; choose a model of one of these: {SupportedArchitectures}.");
        }
        return architecture;
    }

    private static void RefuseFeature(GgufFile file, string key)
    {
        if (!file.Metadata.TryGet(key, out GgufValue value)) return;
        bool isOff = (value.TryGetNumber(out double number) && number == 0) || (value.TryGetBool(out bool flag) && !flag);
        if (!isOff) throw new UnsupportedModelException($"{file.FileName}: the model uses {key}, which is not supported; choose another model.");
    }

    private static ModelDescription ReadValues(GgufFile file, string architecture)
    {
        int Integer(string name, int? fallback = null)
        {
            string key = $"{architecture}.{name}";
            if (file.Metadata.TryGet(key, out GgufValue value) && value.Kind == GgufKind.Array)
                throw new UnsupportedModelException($"{file.FileName}: {key} differs from layer to layer, which is not supported; choose another model.");
            return file.Metadata.Integer(key, 0, int.MaxValue, fallback);
        }

        if (!file.Metadata.Bool($"{architecture}.attention.causal", true))
            throw new UnsupportedModelException($"{file.FileName}: the model's attention is not causal, so it cannot write text; choose another model.");
        int embeddingSize = Integer("embedding_length");
        int headCount = Integer("attention.head_count");
        int headSize = Integer("attention.key_length", headCount == 0 ? 0 : embeddingSize / headCount);
        if (Integer("attention.value_length", headSize) != headSize)
            throw new UnsupportedModelException($"{file.FileName}: keys and values of different sizes are not supported; choose another model.");
        int contextLength = Integer("context_length");
        float attentionScale = file.Metadata.Number($"{architecture}.attention.scale", 0, 100, 0);
        return new ModelDescription
        {
            Architecture = architecture,
            Name = GgufParser.Printable(file.Metadata.String("general.name", file.FileName)!),
            LayerCount = Integer("block_count"),
            EmbeddingSize = embeddingSize,
            FeedForwardSize = Integer("feed_forward_length"),
            HeadCount = headCount,
            KeyValueHeadCount = Integer("attention.head_count_kv", headCount),
            HeadSize = headSize,
            VocabularySize = TensorChecks.VocabularySize(file),
            ContextLength = contextLength,
            TiedEmbeddings = !file.TryGetTensor(TensorNames.Output, out _),
            NormEpsilon = file.Metadata.Number($"{architecture}.attention.layer_norm_rms_epsilon", 0, 1),
            AttentionScale = attentionScale > 0 ? attentionScale : (float)(1 / System.Math.Sqrt(System.Math.Max(1, headSize))),
            RopeDimensionCount = Integer("rope.dimension_count", headSize),
            RopeFrequencyBase = file.Metadata.Number($"{architecture}.rope.freq_base", 0, 1e12, 10000),
            RopeStyle = RopeStyle.AdjacentPairs,
            RopeScaling = RopeScalingReader.Read(file, architecture, contextLength),
        };
    }
}
