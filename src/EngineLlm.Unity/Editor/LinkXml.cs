using System.IO;
using UnityEditor.Build.Reporting;
using UnityEditor.UnityLinker;

namespace EngineLlm.Unity.Editor
{
    /// <summary>Hands the package's link.xml to the linker, which looks for such files in the project's own folders only.</summary>
    internal sealed class LinkXml : IUnityLinkerProcessor
    {
        internal const string PackagePath = "Packages/com.enginellm.runtime/Runtime/link.xml";

        public int callbackOrder => 0;

        public string GenerateAdditionalLinkXmlFile(BuildReport report, UnityLinkerBuildPipelineData data) => Path.GetFullPath(PackagePath);
    }
}
