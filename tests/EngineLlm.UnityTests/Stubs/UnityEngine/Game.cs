using System;
using System.Collections.Generic;
using System.Reflection;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityStub
{
    /// <summary>
    /// The player loop that the tests turn: it sends scripts the messages that Unity sends them, in Unity's order, and allocates nothing in
    /// a frame in which no object comes or goes.
    /// </summary>
    public static class Game
    {
        private static readonly List<GameObject> s_objects = new List<GameObject>();
        private static readonly List<MonoBehaviour> s_behaviours = new List<MonoBehaviour>();
        private static readonly List<Object> s_doomed = new List<Object>();
        private static MonoBehaviour[] s_order = Array.Empty<MonoBehaviour>();

        /// <summary>Errors that were logged, exceptions from messages among them.</summary>
        public static List<string> Errors { get; } = new List<string>();

        /// <summary>Calls what is to be called when a game begins.</summary>
        public static void Begin(params Assembly[] assemblies)
        {
            const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
            foreach (Assembly assembly in assemblies)
            {
                foreach (Type type in assembly.GetTypes())
                {
                    foreach (MethodInfo method in type.GetMethods(Any))
                    {
                        if (method.GetCustomAttribute<RuntimeInitializeOnLoadMethodAttribute>() != null) method.Invoke(null, null);
                    }
                }
            }
        }

        /// <summary>Throws away every object that is not kept, and builds the next scene.</summary>
        public static void LoadScene(Action build)
        {
            DestroyAll(keepKept: true);
            build();
        }

        /// <summary>One frame: Start and Update in execution order, OnGUI, then what was to be destroyed.</summary>
        public static void Frame()
        {
            Time.frameCount++;
            MonoBehaviour[] order = s_order;
            foreach (MonoBehaviour behaviour in order) behaviour.Messages.SendUpdate(behaviour);
            foreach (MonoBehaviour behaviour in order) behaviour.Messages.SendGui(behaviour);
            if (s_doomed.Count == 0) return;
            foreach (Object obj in s_doomed.ToArray()) DestroyNow(obj);
            s_doomed.Clear();
        }

        /// <summary>The player closes the window.</summary>
        public static void Quit()
        {
            Application.RaiseQuitting();
            DestroyAll(keepKept: false);
        }

        /// <summary>The editor reloads scripts in play mode: everything is disabled, and enabled again.</summary>
        public static void ReloadScripts(Action beforeReload)
        {
            beforeReload();
            foreach (MonoBehaviour behaviour in s_order) behaviour.Messages.SendDisable(behaviour);
            foreach (MonoBehaviour behaviour in s_order) behaviour.Messages.Refresh(behaviour);
        }

        internal static void Add(GameObject gameObject) => s_objects.Add(gameObject);

        internal static void Add(MonoBehaviour behaviour)
        {
            behaviour.Messages = new Messages(behaviour);
            s_behaviours.Add(behaviour);
            Sort();
            behaviour.Messages.Refresh(behaviour);
        }

        internal static void DestroyLater(Object obj)
        {
            if (obj != null) s_doomed.Add(obj);
        }

        internal static void DestroyNow(Object obj)
        {
            if (obj == null) return;
            if (obj is GameObject gameObject) Destroy(gameObject);
            else if (obj is MonoBehaviour behaviour) Destroy(behaviour);
            obj.IsDestroyed = true;
        }

        private static void DestroyAll(bool keepKept)
        {
            foreach (GameObject gameObject in s_objects.ToArray())
            {
                bool isRoot = gameObject.transform.parent == null;
                if (isRoot && !(keepKept && gameObject.IsKept)) DestroyNow(gameObject);
            }
        }

        private static void Destroy(GameObject gameObject)
        {
            foreach (Transform child in gameObject.transform.Children.ToArray()) DestroyNow(child.gameObject);
            foreach (Component component in gameObject.Components)
            {
                if (component is MonoBehaviour behaviour) Destroy(behaviour);
                component.IsDestroyed = true;
            }
            s_objects.Remove(gameObject);
        }

        private static void Destroy(MonoBehaviour behaviour)
        {
            if (!s_behaviours.Remove(behaviour)) return;
            Sort();
            behaviour.Messages.SendDisable(behaviour);
            behaviour.Messages.SendDestroy();
        }

        private static void Sort()
        {
            var order = new List<MonoBehaviour>(s_behaviours);
            // Stable, so that among equals the older one comes first.
            MonoBehaviour[] sorted = order.ToArray();
            int[] keys = Array.ConvertAll(sorted, behaviour => behaviour.Messages.Order);
            var indexed = new List<int>();
            for (int i = 0; i < sorted.Length; i++) indexed.Add(i);
            indexed.Sort((a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
            s_order = indexed.ConvertAll(i => sorted[i]).ToArray();
        }
    }
}
