using System;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    [AttributeUsage(AttributeTargets.Class)]
    public class InitializeOnLoadAttribute : Attribute { }

    public sealed class MenuItem : Attribute
    {
        public MenuItem(string itemName) { }
    }

    public class CustomEditor : Attribute
    {
        public CustomEditor(Type inspectedType) { }
    }

    public enum MessageType
    {
        None,
        Info,
        Warning,
        Error,
    }

    public class Editor : ScriptableObject
    {
        public Object target { get; set; }

        public virtual void OnInspectorGUI() { }

        public virtual bool RequiresConstantRepaint() => false;

        public bool DrawDefaultInspector() => false;
    }

    public sealed class EditorGUILayout
    {
        public static System.Collections.Generic.List<string> Lines { get; } = new System.Collections.Generic.List<string>();

        public static void Space() { }

        public static void LabelField(string label, string label2, params GUILayoutOption[] options) => Lines.Add(label + ": " + label2);

        public static void HelpBox(string message, MessageType type) => Lines.Add(type + ": " + message);

        public static string TextField(string label, string text, params GUILayoutOption[] options) => text;

        public static Rect BeginHorizontal(params GUILayoutOption[] options) => default;

        public static void EndHorizontal() { }

        public static Rect GetControlRect(bool hasLabel, float height, params GUILayoutOption[] options) => default;
    }

    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback beforeAssemblyReload;

        public static void Raise() => beforeAssemblyReload?.Invoke();
    }

    public class EditorApplication
    {
        public static event Action quitting;

        public static void RaiseQuitting() => quitting?.Invoke();
    }

    public sealed class Selection
    {
        public static GameObject activeGameObject { get; set; }
    }
}

namespace UnityEditor.SceneManagement
{
    public enum NewSceneSetup
    {
        EmptyScene,
        DefaultGameObjects,
    }

    public enum NewSceneMode
    {
        Single,
        Additive,
    }

    public struct Scene { }

    public sealed class EditorSceneManager
    {
        public static bool SaveCurrentModifiedScenesIfUserWantsTo() => true;

        public static Scene NewScene(NewSceneSetup setup, NewSceneMode mode) => default;
    }
}
