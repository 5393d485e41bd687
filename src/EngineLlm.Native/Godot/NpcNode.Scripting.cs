using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

internal sealed unsafe partial class NpcNode
{
    private string _enginePath = "";
    private long _priority, _seed;

    /// <summary>The class as scripts see it.</summary>
    internal static ClassDefinition Define() =>
        new ClassDefinition<NpcNode>("LlmNpc", "Node", isRuntime: true, static owner => new(owner))
        .Property(new("persona", VariantType.Object, PropertyHints.ResourceType, "LlmPersona"),
            n => Value.Object(n.PersonaAddress), (n, in v) => n.SetPersona(v))
        .Property(new("engine_path", VariantType.NodePath, PropertyHints.NodePathValidTypes, "LlmEngine"),
            n => Value.Path(n._enginePath), (n, in v) => n.SetEnginePath(v.AsText))
        .Property(new("priority", VariantType.Int), n => Value.Of(n._priority), (n, in v) => n._priority = v.AsInt)
        .Property(new("seed", VariantType.Int), n => Value.Of(n._seed), (n, in v) => n._seed = v.AsInt)
        .Method("say", new ValueDefinition("text", VariantType.String), (n, in v) => n.Say(v.AsText))
        .Method("stop", n => n.Stop())
        .Method("prepare", n => n.Prepare())
        .Method("forget", n => n.Forget())
        .Method("is_talking", VariantType.Bool, n => Value.Of(n.IsTalking))
        .Method("get_answer", VariantType.String, n => Value.Of(n._session?.Answer?.Text ?? ""))
        .Signal("word", new ValueDefinition("text", VariantType.String))
        .Signal("answered", new ValueDefinition("text", VariantType.String))
        .Signal("failed", new ValueDefinition("message", VariantType.String));

    private nint PersonaAddress => Variants.TryRead(_persona, VariantType.Object, out Value persona) ? persona.AsObject : 0;

    private void SetPersona(in Value persona)
    {
        GodotApi.VariantDestroy(_persona);
        Variants.Make(_persona, persona);
        DropSession();
    }

    private void SetEnginePath(string path)
    {
        _enginePath = path;
        DropSession();
        LoseEngine();
    }
}
