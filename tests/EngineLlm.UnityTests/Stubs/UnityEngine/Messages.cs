using System;
using System.Reflection;
using UnityEngine;

namespace UnityStub
{
    /// <summary>The messages that one script understands, and where it is in its life.</summary>
    internal sealed class Messages
    {
        private readonly Action _awake;
        private readonly Action _enable;
        private readonly Action _start;
        private readonly Action _update;
        private readonly Action _gui;
        private readonly Action _disable;
        private readonly Action _destroy;
        private bool _isAwake;
        private bool _isEnabled;
        private bool _isStarted;

        internal Messages(MonoBehaviour behaviour)
        {
            Order = behaviour.GetType().GetCustomAttribute<DefaultExecutionOrder>()?.order ?? 0;
            _awake = Find(behaviour, "Awake");
            _enable = Find(behaviour, "OnEnable");
            _start = Find(behaviour, "Start");
            _update = Find(behaviour, "Update");
            _gui = Find(behaviour, "OnGUI");
            _disable = Find(behaviour, "OnDisable");
            _destroy = Find(behaviour, "OnDestroy");
        }

        internal int Order { get; }

        /// <summary>Wakes, enables or disables the script as its object now is.</summary>
        internal void Refresh(MonoBehaviour behaviour)
        {
            if (!_isAwake && !behaviour.gameObject.activeInHierarchy) return;
            if (!_isAwake)
            {
                _isAwake = true;
                Send(_awake);
            }
            if (behaviour.isActiveAndEnabled == _isEnabled) return;
            _isEnabled = !_isEnabled;
            Send(_isEnabled ? _enable : _disable);
        }

        internal void SendUpdate(MonoBehaviour behaviour)
        {
            if (!_isEnabled || behaviour.IsDestroyed) return;
            if (!_isStarted)
            {
                _isStarted = true;
                Send(_start);
            }
            if (_isEnabled) Send(_update);
        }

        internal void SendGui(MonoBehaviour behaviour)
        {
            if (_isEnabled && !behaviour.IsDestroyed) Send(_gui);
        }

        internal void SendDisable(MonoBehaviour behaviour)
        {
            if (!_isEnabled) return;
            _isEnabled = false;
            Send(_disable);
        }

        internal void SendDestroy()
        {
            if (_isAwake) Send(_destroy);
        }

        private static Action Find(MonoBehaviour behaviour, string message)
        {
            const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            MethodInfo method = behaviour.GetType().GetMethod(message, Any, null, Type.EmptyTypes, null);
            return method == null ? null : (Action)method.CreateDelegate(typeof(Action), behaviour);
        }

        // As in Unity, an exception ends the message and not the game.
        private static void Send(Action message)
        {
            try
            {
                message?.Invoke();
            }
            catch (Exception e)
            {
                Debug.LogException(e);
            }
        }
    }
}
