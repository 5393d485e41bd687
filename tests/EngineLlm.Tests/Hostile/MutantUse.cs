using System;
using System.Collections.Generic;
using EngineLlm.Cli.Inspecting;
using EngineLlm.Dialogue;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Tokenization;

namespace EngineLlm.Tests.Hostile;

/// <summary>Does with a file what an engine does with it before the device comes in, and goes on after each clear error.</summary>
internal static class MutantUse
{
    private static readonly ChatMessage[] s_conversation =
    {
        ChatMessage.System("Guard the <|user|> gate."), ChatMessage.User("Open! \uD83D\uDE00 1234"), ChatMessage.Assistant("No."),
        ChatMessage.User("the the"),
    };

    /// <summary>Opens and uses the file.</summary>
    /// <returns>How many of the steps succeeded.</returns>
    internal static int Run(string path)
    {
        GgufFile? file = null;
        int succeeded = Try(() => file = GgufFile.Open(path));
        if (file is null) return 0;
        using (file)
        {
            // Says what it finds instead of failing, so nothing of it is an error.
            ModelInspector.Inspect(file, new InspectRequest { WithMetadata = true, WithTensors = true });
            Tokenizer? tokenizer = null;
            succeeded += Try(() => Touch(file));
            succeeded += Try(() => Describe(file));
            succeeded += Try(() => tokenizer = Tokenizer.Create(file));
            if (tokenizer is null) return succeeded;
            succeeded += Try(() => BackAndForth(tokenizer));
            return succeeded + Try(() => Talk(tokenizer));
        }
    }

    private static int Try(Action step)
    {
        try
        {
            step();
            return 1;
        }
        catch (EngineLlmException error)
        {
            if (error.Message.Length > 0 && !error.Message.Contains('\n')) return 0;
            throw new InvalidOperationException("An error is not one line.", error);
        }
    }

    private static void Touch(GgufFile file)
    {
        foreach (GgufValue value in file.Metadata.Values.Values)
        {
            value.TryGetString(out _);
            value.TryGetNumber(out _);
            value.TryGetInt32Array(out _);
            value.TryGetSingleArray(out _);
            foreach (ReadOnlySpan<byte> text in value.Strings) _ = text.Length;
        }
    }

    // Every weight of every tensor, as packing would read them.
    private static void Describe(GgufFile file)
    {
        ModelDescription.Read(file);
        foreach (GgufTensor tensor in file.Tensors)
        {
            if (tensor.ByteSize > file.TotalLength) throw new InvalidOperationException($"{tensor.Name} is larger than its file.");
            var row = new float[tensor.Columns];
            for (long i = 0; i < tensor.Rows; i++)
                Dequantizer.Dequantize(tensor.Type, file.Data(tensor, i * tensor.RowBytes, (int)tensor.RowBytes), row);
        }
    }

    private static void BackAndForth(Tokenizer tokenizer)
    {
        int[] tokens = tokenizer.Encode("the <|user|> \uFFFDé 12", parseSpecial: true, addBos: true).ToArray();
        tokenizer.Decode(tokens, writeSpecial: true);
    }

    private static void Talk(Tokenizer tokenizer)
    {
        ChatTemplate template = ChatTemplate.FromModel(tokenizer);
        var tokens = new List<int>();
        template.Encode(s_conversation, addGenerationPrompt: true, tokens);
        template.Render(s_conversation, addGenerationPrompt: false);
    }
}
