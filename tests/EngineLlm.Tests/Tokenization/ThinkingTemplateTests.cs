using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using EngineLlm.Dialogue;
using EngineLlm.Tests.Models.Gguf;
using EngineLlm.Tests.Tokenization.Templates;
using EngineLlm.Tokenization;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization;

/// <summary>What is known of a model's thoughts from its template and vocabulary.</summary>
public sealed class ThinkingTemplateTests
{
    private const string Opened = "<\uFF5CAssistant\uFF5C><think>\n";
    // In the manner of SmolLM 3's: it thinks unless told otherwise, and marks what the model says for training.
    private const string ThinksByDefault =
        "{%- if enable_thinking is not defined -%}{%- set enable_thinking = true -%}{%- endif -%}"
        + "{%- for message in messages -%}{%- if message.role == 'assistant' -%}{% generation %}"
        + "{{- '<|im_start|>assistant\n' + ('' if enable_thinking else '<think>\n\n</think>\n') + message.content + '<|im_end|>\n' -}}"
        + "{% endgeneration %}{%- else -%}{{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' -}}{%- endif -%}"
        + "{%- endfor -%}{%- if add_generation_prompt -%}"
        + "{{- '<|im_start|>assistant\n' + ('' if enable_thinking else '<think>\n\n</think>\n') -}}{%- endif -%}";

    private static readonly ChatMessage[] s_question = [ChatMessage.User("Why?")];

    [TestCase("qwen3", null, false, "<|im_start|>assistant\n")]
    [TestCase("qwen3", true, false, "<|im_start|>assistant\n")]
    [TestCase("qwen3", false, false, "<|im_start|>assistant\n<think>\n\n</think>\n\n")]
    [TestCase("deepseek-r1-distill", null, true, Opened)]
    [TestCase("deepseek-r1-distill", true, true, Opened)]
    [TestCase("deepseek-r1-distill", false, false, Opened + "\n</think>\n\n")]
    public void TheTemplateSaysHowAnAnswerBegins(string name, bool? thinks, bool isOpened, string ending)
    {
        using JsonDocument json = TemplateGoldenTests.Golden();
        Tokenizer tokenizer = Load(TinyVocabulary.BytePair().Add(
            "tokenizer.chat_template", json.RootElement.GetProperty(name).GetProperty("template").GetString()!));
        ChatTemplate template = ChatTemplate.FromModel(tokenizer, thinks);
        Assert.That(template.Thinking, Is.Not.Null);
        Assert.That((template.Thinking!.Open, template.Thinking.Close), Is.EqualTo(("<think>", "</think>")));
        Assert.That(template.Thinking.IsOpened, Is.EqualTo(isOpened));
        Assert.That(tokenizer.Decode(template.Thinking.ClosingTokens), Is.EqualTo("\n</think>\n\n"));
        var ids = new List<int>();
        template.Encode(s_question, addGenerationPrompt: true, ids);
        Assert.That(tokenizer.Decode([.. ids], writeSpecial: true), Does.EndWith("Why?" + ending).Or.EndsWith(ending));
        ids.Clear();
        template.Encode(s_question, addGenerationPrompt: false, ids);
        Assert.That(tokenizer.Decode([.. ids], writeSpecial: true), Does.Not.EndWith("</think>\n\n"));
    }

    [TestCase(null, "assistant\n")]
    [TestCase(true, "assistant\n")]
    [TestCase(false, "assistant\n<think>\n\n</think>\n")]
    public void AModelThatThinksUnlessToldOtherwiseCanBeTold(bool? thinks, string ending)
    {
        Tokenizer tokenizer = Load(TinyVocabulary.BytePair().Add("tokenizer.chat_template", ThinksByDefault));
        ChatTemplate template = ChatTemplate.FromModel(tokenizer, thinks);
        Assert.That((template.Thinking?.Close, template.Thinking?.IsOpened), Is.EqualTo(("</think>", (bool?)false)));
        Assert.That(template.Render(s_question, addGenerationPrompt: true), Does.EndWith("Why?<|im_end|>\n<|im_start|>" + ending));
        ChatMessage[] answered = [.. s_question, ChatMessage.Assistant("So."), ChatMessage.User("Oh?")];
        Assert.That(template.Render(answered, addGenerationPrompt: true), Does.Contain(ending + "So.<|im_end|>"));
    }

    [Test]
    public void EachPromptGetsTheTemplateThatItAsksFor()
    {
        Tokenizer tokenizer = Load(TinyVocabulary.BytePair().Add("tokenizer.chat_template", ThinksByDefault));
        var templates = new ChatTemplates(() => tokenizer);
        const string silenced = "<think>\n\n</think>\n";
        Assert.That(templates.For(null).Render(s_question, addGenerationPrompt: true), Does.Not.EndWith(silenced));
        Assert.That(templates.For(true).Render(s_question, addGenerationPrompt: true), Does.Not.EndWith(silenced));
        Assert.That(templates.For(false).Render(s_question, addGenerationPrompt: true), Does.EndWith(silenced));
        Assert.That(templates.For(false), Is.SameAs(templates.For(false)));
        Tokenizer other = TokenizerGoldenTests.Load("smollm2");
        var plain = new ChatTemplates(() => other);
        Assert.That(plain.For(false), Is.SameAs(plain.For(null)), "a model that does not think has one template");
    }

    [Test]
    public void AVocabularyWithMarksIsEnough()
    {
        Tokenizer tokenizer = Load(TinyVocabulary.BytePair("[THINK]", "[/THINK]"));
        Assert.That(ChatTemplate.FromModel(tokenizer).Thinking?.Open, Is.EqualTo("[THINK]"));
        Assert.That(tokenizer.TryGetToken("[/THINK]", out int close), Is.True);
        Assert.That(ChatTemplate.FromModel(tokenizer).Thinking!.ClosingTokens, Does.Contain(close));
    }

    [Test]
    public void MarksThatAreControlTokensAreSeen()
    {
        int[] kinds = [.. Enumerable.Repeat(1, 259), 3, 3, 3];
        Tokenizer tokenizer = Load(TinyVocabulary.BytePair("[THINK]", "[/THINK]").Remove("tokenizer.ggml.token_type")
            .Add("tokenizer.ggml.token_type", kinds));
        ThinkingSection section = ChatTemplate.FromModel(tokenizer).Thinking!;
        var decoder = new TextDecoder(tokenizer, section);
        var filter = new ThinkingFilter(section);
        var said = new AnswerText([], trims: true, capacity: 16);
        var thought = new AnswerText([], trims: true, capacity: 16);
        foreach (int id in tokenizer.Encode("[THINK]the the[/THINK] the end", parseSpecial: true))
            filter.Append(decoder.Append(id), said, thought);
        Assert.That((said.Released.ToString(), thought.Released.ToString()), Is.EqualTo(("the end", "the the")));
    }

    [TestCase("smollm2")]
    [TestCase("llama-spm")]
    [TestCase("phi-3")]
    public void OtherModelsDoNotThink(string name) =>
        Assert.That(ChatTemplate.FromModel(TokenizerGoldenTests.Load(name)).Thinking, Is.Null);

    private static Tokenizer Load(GgufBuilder builder)
    {
        using var temporary = new TemporaryFile(builder.ToArray());
        return TokenizerGoldenTests.LoadPath(temporary.Path);
    }
}
