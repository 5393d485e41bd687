using System;
using EngineLlm.Kernels;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>
/// One shader with its specialisation constants set. Made in two halves, so that all pipelines of a model compile side by side: the constructor
/// makes the layouts, <see cref="Compile"/> does the driver's slow part.
/// </summary>
internal sealed unsafe class ComputePipeline : IDisposable
{
    private readonly VulkanDevice _device;
    private readonly uint[] _constants;
    private Pipeline _handle;

    /// <param name="device">The device.</param>
    /// <param name="shader">The shader.</param>
    /// <param name="constants">Values of the specialisation constants, by id from 0. Floats and bools as their bits.</param>
    internal ComputePipeline(VulkanDevice device, ShaderDescription shader, params uint[] constants)
    {
        _device = device;
        Shader = shader;
        _constants = constants;
        SetLayout = CreateSetLayout();
        Layout = CreateLayout();
    }

    internal ShaderDescription Shader { get; }

    internal DescriptorSetLayout SetLayout { get; }

    internal PipelineLayout Layout { get; }

    internal Pipeline Handle => _handle.Handle != 0 ? _handle : throw new InvalidOperationException($"{Shader.Name} is not compiled yet.");

    /// <summary>Compiles the pipeline through the device's cache. May run on any thread.</summary>
    internal void Compile()
    {
        if (_handle.Handle != 0) return;
        byte[] code = Shader.ReadSpirv();
        ShaderModule module;
        fixed (byte* words = code)
        {
            var info = new ShaderModuleCreateInfo { SType = StructureType.ShaderModuleCreateInfo, CodeSize = (nuint)code.Length, PCode = (uint*)words };
            _device.Api.CreateShaderModule(_device.Handle, in info, null, out module).Check($"load the shader {Shader.Name}");
        }
        try
        {
            CreatePipeline(module);
        }
        finally
        {
            _device.Api.DestroyShaderModule(_device.Handle, module, null);
        }
    }

    public void Dispose()
    {
        _device.Api.DestroyPipeline(_device.Handle, _handle, null);
        _device.Api.DestroyPipelineLayout(_device.Handle, Layout, null);
        _device.Api.DestroyDescriptorSetLayout(_device.Handle, SetLayout, null);
    }

    private void CreatePipeline(ShaderModule module)
    {
        using var names = new NativeStrings();
        SpecializationMapEntry* entries = stackalloc SpecializationMapEntry[Math.Max(1, _constants.Length)];
        for (int i = 0; i < _constants.Length; i++)
        {
            entries[i] = new SpecializationMapEntry { ConstantID = (uint)i, Offset = (uint)i * sizeof(uint), Size = sizeof(uint) };
        }
        fixed (uint* values = _constants)
        {
            var specialization = new SpecializationInfo
            {
                MapEntryCount = (uint)_constants.Length,
                PMapEntries = entries,
                DataSize = (nuint)_constants.Length * sizeof(uint),
                PData = values,
            };
            var info = new ComputePipelineCreateInfo
            {
                SType = StructureType.ComputePipelineCreateInfo,
                Stage = new PipelineShaderStageCreateInfo
                {
                    SType = StructureType.PipelineShaderStageCreateInfo,
                    Stage = ShaderStageFlags.ComputeBit,
                    Module = module,
                    PName = names.Add("main"),
                    PSpecializationInfo = &specialization,
                },
                Layout = Layout,
            };
            Pipeline handle;
            _device.Api.CreateComputePipelines(_device.Handle, _device.Pipelines.Handle, 1, &info, null, &handle).Check($"compile the shader {Shader.Name}");
            _handle = handle;
        }
    }

    private DescriptorSetLayout CreateSetLayout()
    {
        DescriptorSetLayoutBinding* bindings = stackalloc DescriptorSetLayoutBinding[Math.Max(1, Shader.Bindings.Length)];
        int count = 0;
        for (int i = 0; i < Shader.Bindings.Length; i++)
        {
            if (Shader.Bindings[i] == BindingKind.None) continue;
            bindings[count++] = new DescriptorSetLayoutBinding
            {
                Binding = (uint)i,
                DescriptorType = TypeOf(Shader.Bindings[i]),
                DescriptorCount = 1,
                StageFlags = ShaderStageFlags.ComputeBit,
            };
        }
        var info = new DescriptorSetLayoutCreateInfo
        {
            SType = StructureType.DescriptorSetLayoutCreateInfo,
            BindingCount = (uint)count,
            PBindings = bindings,
        };
        _device.Api.CreateDescriptorSetLayout(_device.Handle, in info, null, out DescriptorSetLayout layout).Check($"lay out the bindings of {Shader.Name}");
        return layout;
    }

    private PipelineLayout CreateLayout()
    {
        DescriptorSetLayout set = SetLayout;
        var push = new PushConstantRange { StageFlags = ShaderStageFlags.ComputeBit, Size = (uint)Shader.PushConstantSize };
        var info = new PipelineLayoutCreateInfo
        {
            SType = StructureType.PipelineLayoutCreateInfo,
            SetLayoutCount = 1,
            PSetLayouts = &set,
            PushConstantRangeCount = Shader.PushConstantSize > 0 ? 1u : 0u,
            PPushConstantRanges = &push,
        };
        _device.Api.CreatePipelineLayout(_device.Handle, in info, null, out PipelineLayout layout).Check($"lay out {Shader.Name}");
        return layout;
    }

    internal static DescriptorType TypeOf(BindingKind kind) => kind switch
    {
        BindingKind.StorageTexelBuffer => DescriptorType.StorageTexelBuffer,
        BindingKind.UniformTexelBuffer => DescriptorType.UniformTexelBuffer,
        BindingKind.UniformBuffer => DescriptorType.UniformBuffer,
        _ => DescriptorType.StorageBuffer,
    };
}
