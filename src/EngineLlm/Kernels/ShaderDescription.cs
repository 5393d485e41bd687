using System;
using System.IO;

namespace EngineLlm.Kernels;

/// <summary>What a shader expects at a binding number.</summary>
internal enum BindingKind
{
    /// <summary>The number is not used.</summary>
    None,

    /// <summary>A buffer block.</summary>
    StorageBuffer,

    /// <summary>An imageBuffer.</summary>
    StorageTexelBuffer,

    /// <summary>A textureBuffer or samplerBuffer.</summary>
    UniformTexelBuffer,

    /// <summary>A uniform block.</summary>
    UniformBuffer,
}

/// <summary>What the generated code says of one compiled shader. Knows no Vulkan type, so that tools and tests can use it alone.</summary>
internal sealed class ShaderDescription
{
    /// <summary>Describes a shader; called by generated code.</summary>
    public ShaderDescription(string name, string source, string sourceHash, BindingKind[] bindings, int pushConstantSize)
    {
        Name = name;
        Source = source;
        SourceHash = sourceHash;
        Bindings = bindings;
        PushConstantSize = pushConstantSize;
    }

    /// <summary>Stem of the SPIR-V resource: the source's stem, with the variant's suffix.</summary>
    public string Name { get; }

    /// <summary>File name of the GLSL source.</summary>
    public string Source { get; }

    /// <summary>SHA-256 over the source and what it includes, in lower-case hexadecimal.</summary>
    public string SourceHash { get; }

    /// <summary>Kind of each binding, indexed by its number in descriptor set 0.</summary>
    public BindingKind[] Bindings { get; }

    /// <summary>Bytes of the push-constant block; 0 where there is none.</summary>
    public int PushConstantSize { get; }

    /// <summary>Reads the compiled shader out of the assembly.</summary>
    /// <returns>SPIR-V words in little-endian bytes.</returns>
    public byte[] ReadSpirv()
    {
        using Stream stream = typeof(ShaderDescription).Assembly.GetManifestResourceStream(Name + ".spv")
            ?? throw new InvalidOperationException($"The assembly holds no shader '{Name}'.");
        var bytes = new byte[stream.Length];
        int filled = 0;
        while (filled < bytes.Length)
        {
            int read = stream.Read(bytes, filled, bytes.Length - filled);
            if (read == 0)
                throw new EndOfStreamException($"The shader '{Name}' in the assembly is cut off.");
            filled += read;
        }
        return bytes;
    }
}
