using UnityEditor;
using UnityEngine;

namespace EngineLlm.Unity.Editor
{
    /// <summary>The character's settings, and while the game plays a line to talk with it.</summary>
    [CustomEditor(typeof(LlmNpc))]
    internal sealed class LlmNpcInspector : UnityEditor.Editor
    {
        private string _line = "Who are you?";

        public override bool RequiresConstantRepaint() => Application.isPlaying;

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            var npc = (LlmNpc)target;
            if (!Application.isPlaying || !npc.isActiveAndEnabled) return;
            EditorGUILayout.Space();
            _line = EditorGUILayout.TextField("Say", _line);
            EditorGUILayout.BeginHorizontal();
            if (GUILayout.Button("Say") && !string.IsNullOrWhiteSpace(_line)) npc.Say(_line);
            if (GUILayout.Button("Stop")) npc.Stop();
            if (GUILayout.Button("Cancel")) npc.Cancel();
            EditorGUILayout.EndHorizontal();
            EditorGUILayout.HelpBox(npc.Text.Length == 0 ? (npc.IsTalking ? "…" : "(silent)") : npc.Text, MessageType.None);
        }
    }
}
