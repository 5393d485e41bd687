using System.Collections.Generic;
using UnityEditor;
using UnityEditor.Build;

namespace EngineLlm.Unity.Editor
{
    /// <summary>
    /// Copies models into a build's StreamingAssets: the package's own one (unless the symbol ENGINELLM_NO_EMBEDDED_MODEL is defined), and
    /// those that the build refers to. The project itself stays as it is.
    /// </summary>
    internal sealed class ModelBuildProcessor : BuildPlayerProcessor
    {
        public override void PrepareForBuild(BuildPlayerContext buildPlayerContext)
        {
            foreach (KeyValuePair<string, string> copy in CopiesFor(buildPlayerContext.BuildPlayerOptions.scenes))
                buildPlayerContext.AddAdditionalPathToStreamingAssets(copy.Value, copy.Key);
        }

        /// <summary>What a build of these scenes needs: path below StreamingAssets to file of the project.</summary>
        internal static Dictionary<string, string> CopiesFor(string[] scenes)
        {
            var copies = new Dictionary<string, string>();
#if !ENGINELLM_NO_EMBEDDED_MODEL
            string embedded = ModelLocation.FindEmbedded();
            if (embedded != null) copies[ModelLocation.StreamingFolder + "/" + ModelLocation.EmbeddedFileName] = embedded;
#endif
            var used = new HashSet<string>(AssetDatabase.GetDependencies(RootsOf(scenes), true));
            foreach (string guid in AssetDatabase.FindAssets("t:" + nameof(LlmModel)))
            {
                string path = AssetDatabase.GUIDToAssetPath(guid);
                var importer = AssetImporter.GetAtPath(path) as GgufImporter;
                if (importer == null || importer.InBuild == GgufInBuild.Never) continue;
                if (importer.InBuild != GgufInBuild.Always && !used.Contains(path)) continue;
                var model = AssetDatabase.LoadAssetAtPath<LlmModel>(path);
                copies[ModelLocation.StreamingFolder + "/" + model.FileName] = ModelLocation.FindAsset(model);
            }
            return copies;
        }

        private static string[] RootsOf(string[] scenes)
        {
            var roots = new List<string>(scenes);
            foreach (string path in AssetDatabase.GetAllAssetPaths())
            {
                if (path.Contains("/Resources/")) roots.Add(path);
            }
            return roots.ToArray();
        }
    }
}
