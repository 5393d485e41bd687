using System;
using System.Collections.Generic;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityStub
{
    /// <summary>The project that the stub of the editor knows.</summary>
    public static class Project
    {
        /// <summary>Assets by path.</summary>
        public static Dictionary<string, Object> Assets { get; } = new Dictionary<string, Object>();

        /// <summary>Importers by path.</summary>
        public static Dictionary<string, UnityEditor.AssetImporter> Importers { get; } =
            new Dictionary<string, UnityEditor.AssetImporter>();

        /// <summary>What an asset refers to, by path.</summary>
        public static Dictionary<string, string[]> Dependencies { get; } = new Dictionary<string, string[]>();
    }
}

namespace UnityEditor
{
    using UnityStub;

    public sealed class AssetDatabase
    {
        public static string GetAssetPath(Object assetObject)
        {
            foreach (KeyValuePair<string, Object> asset in Project.Assets)
            {
                if (ReferenceEquals(asset.Value, assetObject)) return asset.Key;
            }
            return "";
        }

        public static string AssetPathToGUID(string path) => "guid of " + path;

        public static string GUIDToAssetPath(string guid) => guid.Substring("guid of ".Length);

        public static string[] GetAllAssetPaths() => new List<string>(Project.Assets.Keys).ToArray();

        public static T LoadAssetAtPath<T>(string assetPath) where T : Object => (T)Project.Assets[assetPath];

        public static string[] FindAssets(string filter)
        {
            var guids = new List<string>();
            foreach (KeyValuePair<string, Object> asset in Project.Assets)
            {
                if (filter == "t:" + asset.Value.GetType().Name) guids.Add(AssetPathToGUID(asset.Key));
            }
            return guids.ToArray();
        }

        public static string[] GetDependencies(string[] pathNames, bool recursive)
        {
            var found = new List<string>(pathNames);
            foreach (string path in pathNames)
            {
                if (Project.Dependencies.TryGetValue(path, out string[] dependencies)) found.AddRange(dependencies);
            }
            return found.ToArray();
        }
    }

    public class AssetImporter : Object
    {
        public static AssetImporter GetAtPath(string path) => Project.Importers.TryGetValue(path, out AssetImporter importer)
            ? importer : null;
    }
}

namespace UnityEditor.AssetImporters
{
    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    public class ScriptedImporterAttribute : Attribute
    {
        public ScriptedImporterAttribute(int version, string ext) { }
    }

    public abstract class ScriptedImporter : AssetImporter
    {
        public abstract void OnImportAsset(AssetImportContext ctx);
    }

    public class AssetImportContext
    {
        // Unity makes these itself.
        public AssetImportContext(string assetPath) => this.assetPath = assetPath;

        public string assetPath { get; }

        public Object mainObject { get; private set; }

        public List<string> Log { get; } = new List<string>();

        public void AddObjectToAsset(string identifier, Object obj) { }

        public void SetMainObject(Object obj) => mainObject = obj;

        public void LogImportWarning(string msg, Object obj = null) => Log.Add("warning: " + msg);

        public void LogImportError(string msg, Object obj = null) => Log.Add("error: " + msg);
    }
}
