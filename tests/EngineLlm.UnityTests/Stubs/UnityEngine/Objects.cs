using System;
using System.Collections.Generic;
using UnityStub;

namespace UnityEngine
{
    [Flags]
    public enum HideFlags
    {
        None = 0,
        HideAndDontSave = 61,
    }

    /// <summary>What can be destroyed, and compares equal to null from then on.</summary>
    public class Object
    {
        internal bool IsDestroyed;

        public string name { get; set; } = "";

        public HideFlags hideFlags { get; set; }

        public static void Destroy(Object obj) => Game.DestroyLater(obj);

        public static void DestroyImmediate(Object obj) => Game.DestroyNow(obj);

        public static void DontDestroyOnLoad(Object target) => ((GameObject)target).IsKept = true;

        public static implicit operator bool(Object exists) => exists != null;

        public static bool operator ==(Object x, Object y) => IsAlive(x) ? ReferenceEquals(x, y) : !IsAlive(y);

        public static bool operator !=(Object x, Object y) => !(x == y);

        public override bool Equals(object other) => other is Object o && this == o;

        public override int GetHashCode() => base.GetHashCode();

        private static bool IsAlive(Object obj) => !ReferenceEquals(obj, null) && !obj.IsDestroyed;
    }

    public class ScriptableObject : Object
    {
        public static T CreateInstance<T>() where T : ScriptableObject => Activator.CreateInstance<T>();
    }

    public class Component : Object
    {
        public GameObject gameObject { get; internal set; }

        public Transform transform => gameObject.transform;

        public T GetComponent<T>() => gameObject.GetComponent<T>();
    }

    public class Behaviour : Component
    {
        private bool _enabled = true;

        public bool enabled
        {
            get => _enabled;
            set
            {
                if (_enabled == value) return;
                _enabled = value;
                Changed();
            }
        }

        public bool isActiveAndEnabled => _enabled && !IsDestroyed && gameObject.activeInHierarchy;

        internal virtual void Changed() { }
    }

    public class MonoBehaviour : Behaviour
    {
        internal Messages Messages;

        internal override void Changed() => Messages?.Refresh(this);
    }

    public class Transform : Component
    {
        internal readonly List<Transform> Children = new List<Transform>();
        private Transform _parent;

        public Vector3 position { get; set; }

        public Vector3 localPosition { get; set; }

        public Vector3 localScale { get; set; }

        public Transform parent => _parent;

        public void SetParent(Transform parent)
        {
            _parent?.Children.Remove(this);
            _parent = parent;
            _parent?.Children.Add(this);
        }

        public void LookAt(Vector3 worldPosition) { }
    }

    public sealed class GameObject : Object
    {
        internal readonly List<Component> Components = new List<Component>();
        internal bool IsKept;
        private bool _isActive = true;

        public GameObject(string name = "New Game Object", params Type[] components)
        {
            this.name = name;
            transform = new Transform { gameObject = this };
            Components.Add(transform);
            Game.Add(this);
            foreach (Type type in components) Add((Component)Activator.CreateInstance(type));
        }

        public Transform transform { get; }

        public string tag { get; set; } = "";

        public bool activeSelf => _isActive;

        public bool activeInHierarchy => _isActive && !IsDestroyed
            && (transform.parent == null || transform.parent.gameObject.activeInHierarchy);

        public static GameObject CreatePrimitive(PrimitiveType type)
        {
            var primitive = new GameObject(type.ToString());
            primitive.AddComponent<Collider>();
            primitive.AddComponent<Renderer>();
            return primitive;
        }

        public T AddComponent<T>() where T : Component => (T)Add(Activator.CreateInstance<T>());

        public T GetComponent<T>()
        {
            foreach (Component component in Components)
            {
                if (component is T found) return found;
            }
            return default;
        }

        public void SetActive(bool value)
        {
            if (_isActive == value) return;
            _isActive = value;
            Refresh();
        }

        private void Refresh()
        {
            foreach (Component component in Components.ToArray())
            {
                if (component is Behaviour behaviour) behaviour.Changed();
            }
            foreach (Transform child in transform.Children.ToArray()) child.gameObject.Refresh();
        }

        private Component Add(Component component)
        {
            component.gameObject = this;
            component.name = name;
            Components.Add(component);
            if (component is MonoBehaviour behaviour) Game.Add(behaviour);
            return component;
        }
    }
}
