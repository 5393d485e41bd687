using System.IO;
using UnityEditor;
using UnityEditor.AssetImporters;
using UnityEngine;

namespace EngineLlm.Unity.Editor
{
    /// <summary>When a build gets a model.</summary>
    public enum GgufInBuild
    {
        /// <summary>Where one of its scenes, or an asset in a Resources folder, refers to the model.</summary>
        WhenUsed,

        /// <summary>In every build: for models that only asset bundles or Addressables refer to.</summary>
        Always,

        /// <summary>In none.</summary>
        Never,
    }

    /// <summary>
    /// Makes a <see cref="LlmModel"/> of a <c>.gguf</c> file. Only the file's header is read, through a memory map: files of many gigabytes
    /// import at once, and no weight passes through managed memory.
    /// </summary>
    [ScriptedImporter(1, "gguf")]
    public sealed class GgufImporter : ScriptedImporter
    {
        [SerializeField, Tooltip("When a build gets a copy of the file in its StreamingAssets.")]
        private GgufInBuild _inBuild = GgufInBuild.WhenUsed;

        /// <summary>When a build gets a copy of the file.</summary>
        public GgufInBuild InBuild { get => _inBuild; set => _inBuild = value; }

        /// <inheritdoc/>
        public override void OnImportAsset(AssetImportContext ctx)
        {
            var model = ScriptableObject.CreateInstance<LlmModel>();
            model.name = Path.GetFileNameWithoutExtension(ctx.assetPath);
            bool isEmbedded = ctx.assetPath.StartsWith(ModelLocation.PackageFolder + "/", System.StringComparison.Ordinal);
            model.SetFile(isEmbedded ? ModelLocation.EmbeddedFileName : AssetDatabase.AssetPathToGUID(ctx.assetPath) + ".gguf");
            Read(ctx, model);
            ctx.AddObjectToAsset("model", model);
            ctx.SetMainObject(model);
        }

        private static void Read(AssetImportContext ctx, LlmModel model)
        {
            try
            {
                ModelInfo info = ModelInfo.Read(Path.GetFullPath(ctx.assetPath));
                model.SetInfo(info);
                if (info.Problem != null) ctx.LogImportWarning(info.Problem, model);
            }
            catch (EngineLlmException e)
            {
                model.SetProblem(e.Message);
                ctx.LogImportError(e.Message, model);
            }
        }
    }
}
