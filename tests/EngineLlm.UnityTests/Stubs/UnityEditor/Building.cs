using System.Collections.Generic;

namespace UnityEditor
{
    public struct BuildPlayerOptions
    {
        public string[] scenes { get; set; }
    }
}

namespace UnityEditor.Build
{
    public interface IOrderedCallback
    {
        int callbackOrder { get; }
    }

    public sealed class BuildPlayerContext
    {
        // Unity makes these itself.
        public BuildPlayerContext(BuildPlayerOptions options) => BuildPlayerOptions = options;

        public BuildPlayerOptions BuildPlayerOptions { get; }

        public Dictionary<string, string> Copies { get; } = new Dictionary<string, string>();

        public void AddAdditionalPathToStreamingAssets(string directoryOrFile, string pathInStreamingAssets = null) =>
            Copies.Add(pathInStreamingAssets, directoryOrFile);
    }

    public abstract class BuildPlayerProcessor : IOrderedCallback
    {
        public virtual int callbackOrder => 0;

        public abstract void PrepareForBuild(BuildPlayerContext buildPlayerContext);
    }
}

namespace UnityEditor.Build.Reporting
{
    public sealed class BuildReport : UnityEngine.Object { }
}

namespace UnityEditor.UnityLinker
{
    using UnityEditor.Build;
    using UnityEditor.Build.Reporting;

    public sealed class UnityLinkerBuildPipelineData { }

    public interface IUnityLinkerProcessor : IOrderedCallback
    {
        string GenerateAdditionalLinkXmlFile(BuildReport report, UnityLinkerBuildPipelineData data);
    }
}
