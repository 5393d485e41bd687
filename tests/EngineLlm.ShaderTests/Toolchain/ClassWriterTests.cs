using EngineLlm.ShaderCompiler;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Toolchain;

public sealed class ClassWriterTests
{
    private static readonly CompiledShader Shader = new("scale_rows", "scale.comp", "0123abcd", "shaderc 1", new ShaderInterface(
        [
            new ShaderBinding("Quads", 1, DescriptorKind.StorageTexelBuffer),
            new ShaderBinding("Words", 1, DescriptorKind.StorageTexelBuffer),
        ],
        [new PushConstantField("Scale", "float", 4, 1), new PushConstantField("Steps", "uint", 8, 2)],
        16,
        [new SpecializationConstant("Width", 3, "uint", "8u")],
        (64, 1, 1)));

    private const string Expected = """
        // Written by EngineLlm.ShaderCompiler; to change it, change the shader and run ./enginellm shaders.
        // SPIR-V: shaderc 1

        #nullable enable

        using System.Runtime.InteropServices;

        namespace EngineLlm.Kernels.Generated;

        /// <summary>What scale.comp asks of the side that dispatches it.</summary>
        internal static class ScaleRowsShader
        {
            public const string Name = "scale_rows";

            public const string SourceHash = "0123abcd";

            public static readonly ShaderDescription Description = new(
                Name, "scale.comp", SourceHash, [BindingKind.None, BindingKind.StorageTexelBuffer], pushConstantSize: 16);

            /// <summary>Invocations of a workgroup.</summary>
            public static class LocalSize
            {
                public const int X = 64;
                public const int Y = 1;
                public const int Z = 1;
            }

            /// <summary>Binding numbers in descriptor set 0.</summary>
            public static class Binding
            {
                public const int Quads = 1;
                public const int Words = 1;
            }

            /// <summary>Specialisation constants' ids.</summary>
            public static class Constant
            {
                public const int Width = 3;
            }

            /// <summary>Specialisation constants' values where nothing is specialised.</summary>
            public static class Default
            {
                public const uint Width = 8u;
            }

            /// <summary>The push-constant block, 16 bytes, laid out as the shader reads it.</summary>
            [StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
            public unsafe struct PushConstants
            {
                public const int SizeInBytes = 16;

                [FieldOffset(4)]
                public float Scale;

                [FieldOffset(8)]
                public fixed uint Steps[2];
            }
        }

        """;

    [Test]
    public void The_text_is_exactly_this() => Assert.That(ClassWriter.Write(Shader), Is.EqualTo(Expected.Replace("\r\n", "\n")));

    [Test]
    public void A_file_is_current_only_for_its_source_and_its_compiler()
    {
        string text = ClassWriter.Write(Shader);

        Assert.That(ClassWriter.IsCurrent(text, "0123abcd", "shaderc 1"), Is.True);
        Assert.That(ClassWriter.IsCurrent(text, "0123abce", "shaderc 1"), Is.False);
        Assert.That(ClassWriter.IsCurrent(text, "0123abcd", "shaderc 2"), Is.False);
        Assert.That(ClassWriter.IsCurrent("<<<<<<< ours\n" + text, "0123abcd", "shaderc 1"), Is.False);
    }
}
