using System.CommandLine;
using System.Threading;
using EngineLlm.Cli.Chatting;
using EngineLlm.Dialogue;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm chat`: the model itself, without a scene around it.</summary>
internal static class ChatCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<string?> model = SharedOptions.Model();
        Option<string?> device = SharedOptions.Device();
        var system = new Option<string?>("--system") { Description = "Instructions to the model.", HelpName = "text" };
        Option<int> maxTokens = SharedOptions.MaxTokens(512);
        Option<int?> context = SharedOptions.Context();
        Option<string?> preTokenizer = SharedOptions.PreTokenizer();
        var sampling = new SamplingOptions();
        var think = new Option<bool>("--think")
        {
            Description = "Let a model that can think do so before it answers. What it thinks is not shown.",
        };
        Option<int> maxThinking = NumberOptions.Required("--max-thinking", "tokens", "The most tokens of thoughts.", 1, 1 << 20, 1024);
        var command = new Command("chat", "Talk to the model itself. Lines come from the keyboard or a pipe; /reset forgets, /quit leaves.")
        {
            model, device, system, maxTokens, context, preTokenizer, think, maxThinking,
        };
        sampling.AddTo(command);
        command.SetAction(parsed =>
        {
            var options = new EngineOptions
            {
                Device = parsed.GetValue(device), ContextLength = parsed.GetValue(context), PreTokenizer = parsed.GetValue(preTokenizer),
            };
            using LlmEngine engine = EngineLoader.Load(ModelLocator.Find(parsed.GetValue(model)), options, terminal, cancellation);
            Npc partner = engine.CreateNpc(new NpcOptions
            {
                Name = "the model",
                Persona = parsed.GetValue(system) ?? "",
                Sampling = sampling.Of(parsed, engine.DefaultSampling),
                MaxAnswerTokens = parsed.GetValue(maxTokens),
                Thinks = parsed.GetValue(think),
                MaxThinkingTokens = parsed.GetValue(maxThinking),
                StopTexts = [],
            });
            new ChatLoop(engine, partner, terminal).Run(cancellation);
            return ExitCodes.Success;
        });
        return command;
    }
}
