using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using EngineLlm.Dialogue;
using EngineLlm.Tokenization.Templates;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization.Templates;

public sealed class TemplateGoldenTests
{
    /// <summary>The day on which the references were made.</summary>
    private static readonly DateTime s_day = new(2026, 1, 2);

    [TestCase("smollm2")]
    [TestCase("chatml-qwen2.5")]
    [TestCase("llama-3.2")]
    [TestCase("gemma-2")]
    [TestCase("phi-3.5")]
    [TestCase("mistral-nemo")]
    [TestCase("qwen3")]
    [TestCase("deepseek-r1-distill")]
    public void EveryPromptAndErrorIsExact(string name)
    {
        using JsonDocument json = Golden();
        JsonElement model = json.RootElement.GetProperty(name);
        JinjaTemplate template = JinjaTemplate.Parse(model.GetProperty("template").GetString()!, "test");
        int cases = 0;
        foreach (JsonElement test in model.GetProperty("cases").EnumerateArray())
        {
            (string text, string? error) = Render(template, model, test);
            string place = $"{name}, {test.GetProperty("case").GetString()}";
            if (test.TryGetProperty("error", out JsonElement expected))
                Assert.That(error, Does.EndWith("refuses the conversation: " + expected.GetString()), place);
            else Assert.That((text, error), Is.EqualTo((test.GetProperty("prompt").GetString(), (string?)null)), place);
            cases++;
        }
        Assert.That(cases, Is.EqualTo(8));
    }

    [Test]
    public void NoModelIsLeftOut()
    {
        using JsonDocument json = Golden();
        Assert.That(json.RootElement.EnumerateObject().Count(), Is.EqualTo(8));
    }

    internal static JsonDocument Golden() =>
        JsonDocument.Parse(File.ReadAllText(SharedFiles.PathOf("golden", "chat_templates", "templates.json")));

    internal static ChatMessage[] Messages(JsonElement test) => test.GetProperty("messages").EnumerateArray()
        .Select(message => new ChatMessage(message.GetProperty("role").GetString()!, message.GetProperty("content").GetString()!))
        .ToArray();

    private static (string Text, string? Error) Render(JinjaTemplate template, JsonElement model, JsonElement test)
    {
        ChatMessage[] messages = Messages(test);
        bool addGenerationPrompt = test.GetProperty("add_generation_prompt").GetBoolean();
        Dictionary<string, Value> variables = ChatVariables.Create(
            messages, addGenerationPrompt, model.GetProperty("bos_token").GetString()!, model.GetProperty("eos_token").GetString()!);
        try
        {
            return (template.Render(variables, ChatVariables.LengthOf(messages), s_day).Text.Chars, null);
        }
        catch (EngineLlmException error)
        {
            return ("", error.Message);
        }
    }
}
