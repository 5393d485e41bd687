namespace EngineLlm.GodotTests;

/// <summary>How a Linux game is exported, with a template of one's own.</summary>
internal static class ExportPreset
{
    internal static string For(string template) => $"""
        [preset.0]

        name="Linux"
        platform="Linux"
        runnable=true
        export_filter="all_resources"
        export_path=""

        [preset.0.options]

        custom_template/debug="{template}"
        custom_template/release="{template}"
        binary_format/embed_pck=false
        binary_format/architecture="x86_64"
        texture_format/s3tc_bptc=true
        texture_format/etc2_astc=false

        """;
}
