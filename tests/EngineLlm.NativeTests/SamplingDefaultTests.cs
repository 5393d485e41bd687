using EngineLlm.Native.C;
using EngineLlm.Native.Godot;
using EngineLlm.Sampling;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>How words are chosen where a game does not say: as the model's default, from C as from Godot.</summary>
internal sealed unsafe class SamplingDefaultTests
{
    private static readonly SamplingParameters s_others = new();

    [Test]
    public void ZeroInCIsTheModelsDefault()
    {
        Assert.That(FromC(default, SamplingParameters.Greedy), Is.EqualTo(SamplingParameters.Greedy));
        Assert.That(FromC(default, s_others), Is.EqualTo(s_others));
        Assert.That(FromC(new() { Temperature = 0.5f, Seed = 7 }, SamplingParameters.Greedy), Is.EqualTo(s_others with { Temperature = 0.5f, Seed = 7 }));
        Assert.That(FromC(new() { Temperature = -1 }, s_others).Temperature, Is.Zero);
    }

    [Test]
    public void ANewPersonaInGodotIsSampledAsTheModelLikes()
    {
        var persona = new PersonaResource(owner: 0);
        Assert.That(persona.ToOptions(0, 7, SamplingParameters.Greedy).Sampling, Is.EqualTo(SamplingParameters.Greedy with { Seed = 7 }));
        Assert.That(persona.ToOptions(0, 7, s_others).Sampling, Is.EqualTo(s_others with { RepetitionPenalty = 1.1f, Seed = 7 }));
    }

    private static SamplingParameters FromC(NpcOptionsStruct options, SamplingParameters defaults)
    {
        fixed (byte* name = "Mira\0"u8)
        {
            options.Name = name;
            return OptionsReader.ToNpcOptions(options, defaults).Sampling!;
        }
    }
}
