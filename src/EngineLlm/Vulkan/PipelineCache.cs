using System;
using System.IO;
using System.Text;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>
/// The VkPipelineCache, kept on disk between runs in one file a device and driver. A file that cannot be read or written is no error: it only
/// costs the time to compile again.
/// </summary>
internal sealed unsafe class PipelineCache : IDisposable
{
    private readonly VulkanDevice _device;
    private readonly string? _file;
    private readonly Silk.NET.Vulkan.PipelineCache _handle;

    internal PipelineCache(VulkanDevice device, string? folder)
    {
        _device = device;
        _file = folder is null ? null : Path.Combine(folder, FileName(device.Physical));
        byte[] saved = Load();
        fixed (byte* data = saved)
        {
            var info = new PipelineCacheCreateInfo
            {
                SType = StructureType.PipelineCacheCreateInfo,
                InitialDataSize = (nuint)saved.Length,
                PInitialData = data,
            };
            device.Api.CreatePipelineCache(device.Handle, in info, null, out _handle).Check("create the pipeline cache");
        }
    }

    internal Silk.NET.Vulkan.PipelineCache Handle => _handle;

    /// <summary>Writes the cache to disk. Called once after loading, when every pipeline exists.</summary>
    internal void Save()
    {
        if (_file is null) return;
        nuint size = 0;
        if (_device.Api.GetPipelineCacheData(_device.Handle, _handle, ref size, null) != Result.Success || size == 0) return;
        var data = new byte[size];
        fixed (byte* p = data)
        {
            if (_device.Api.GetPipelineCacheData(_device.Handle, _handle, ref size, p) != Result.Success) return;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            // Written beside and moved into place, so that a program that starts meanwhile never reads half a file.
            string part = $"{_file}.{Guid.NewGuid():N}";
            File.WriteAllBytes(part, data);
            if (File.Exists(_file)) File.Delete(_file);
            File.Move(part, _file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start compiles again.
        }
    }

    public void Dispose() => _device.Api.DestroyPipelineCache(_device.Handle, _handle, null);

    private byte[] Load()
    {
        if (_file is null || !File.Exists(_file)) return Array.Empty<byte>();
        try
        {
            byte[] saved = File.ReadAllBytes(_file);
            // Header: length, version, vendor, device, then 16 bytes that identify the driver (Vulkan specification, vkGetPipelineCacheData).
            bool fits = saved.Length >= 32 && new ReadOnlySpan<byte>(saved, 16, 16).SequenceEqual(_device.Physical.PipelineCacheIdentity);
            return fits ? saved : Array.Empty<byte>();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Array.Empty<byte>();
        }
    }

    private static string FileName(PhysicalDevice device)
    {
        var name = new StringBuilder("pipelines-");
        foreach (byte b in device.PipelineCacheIdentity) name.Append(b.ToString("x2"));
        return name.Append(".bin").ToString();
    }
}
