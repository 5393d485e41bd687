using System.IO;
using UnityEngine;

namespace EngineLlm.Unity
{
    /// <summary>Where a model's file lies: in the project while the editor plays, in StreamingAssets in a build.</summary>
    internal static class ModelLocation
    {
        /// <summary>The package's folder of models, as the editor names it.</summary>
        internal const string PackageFolder = "Packages/com.enginellm.runtime/Runtime/Models";

        /// <summary>The folder below StreamingAssets that builds get their models in.</summary>
        internal const string StreamingFolder = "EngineLlm";

        /// <summary>The name of the package's own model in a build.</summary>
        internal const string EmbeddedFileName = "embedded.gguf";

        /// <summary>The file of an asset, or of the package's own model.</summary>
        /// <param name="model">The asset; null for the package's own model.</param>
        /// <returns>A path, on Android inside the application's package; null where the editor knows no such file.</returns>
        internal static string Find(LlmModel model)
        {
#if UNITY_EDITOR
            return model == null ? FindEmbedded() : FindAsset(model);
#else
            return InStreamingAssets(StreamingFolder + "/" + (model == null ? EmbeddedFileName : model.FileName));
#endif
        }

        /// <summary>The file that a path of the game's own names.</summary>
        /// <param name="path">Absolute, or below StreamingAssets.</param>
        internal static string FindPath(string path) => Path.IsPathRooted(path) ? path : InStreamingAssets(path);

#if UNITY_EDITOR
        /// <summary>The package's own model, or null where the package has none.</summary>
        internal static string FindEmbedded()
        {
            string folder = Path.GetFullPath(PackageFolder);
            if (!Directory.Exists(folder)) return null;
            string[] files = Directory.GetFiles(folder, "*.gguf");
            return files.Length == 0 ? null : files[0];
        }

        /// <summary>The file that an asset was imported from, or null where it is no asset of the project.</summary>
        internal static string FindAsset(LlmModel model)
        {
            string path = UnityEditor.AssetDatabase.GetAssetPath(model);
            return string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);
        }
#endif

        private static string InStreamingAssets(string path) => Application.streamingAssetsPath + "/" + path;
    }
}
