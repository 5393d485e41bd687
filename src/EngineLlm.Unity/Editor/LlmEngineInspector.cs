using UnityEditor;
using UnityEngine;

namespace EngineLlm.Unity.Editor
{
    /// <summary>The engine component's settings, and while the game plays what the engine does: frame times and the page map.</summary>
    [CustomEditor(typeof(LlmEngineComponent))]
    internal sealed class LlmEngineInspector : UnityEditor.Editor
    {
        private const float SquarePixels = 5;
        private FrameTimeGraph _graph;
        private PageMapView _map;

        public override bool RequiresConstantRepaint() => Application.isPlaying;

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            if (!Application.isPlaying) return;
            var engine = (LlmEngineComponent)target;
            EditorGUILayout.Space();
            EditorGUILayout.LabelField("State", engine.State == LlmEngineState.Loading
                ? "Loading, " + Mathf.RoundToInt(engine.LoadProgress * 100) + " %" : engine.State.ToString());
            if (engine.Problem.Length > 0) EditorGUILayout.HelpBox(engine.Problem, MessageType.Error);
            if (engine.Engine == null) return;
            DrawStatistics(engine);
            DrawFrames(engine);
            DrawPages(engine.Engine);
        }

        private void OnDisable()
        {
            if (_graph != null) _graph.Dispose();
            if (_map != null) _map.Dispose();
            _graph = null;
            _map = null;
        }

        private static void DrawStatistics(LlmEngineComponent component)
        {
            LlmEngine engine = component.Engine;
            EngineStatistics now = engine.Statistics;
            EditorGUILayout.LabelField("Model", engine.ModelName);
            EditorGUILayout.LabelField("Device", engine.Device.Name + ", " + engine.Device.Kind);
            EditorGUILayout.LabelField("Device memory", (now.DeviceBytes >> 20) + " MiB");
            EditorGUILayout.LabelField("Conversations", now.SequencesRunning + " talk, " + now.SequencesWaiting + " wait");
            EditorGUILayout.LabelField("Tokens", now.TokensGenerated + " said, " + now.TokensPrefilled + " read");
            EditorGUILayout.LabelField("Guessed ahead", now.DraftsAccepted + " of " + now.TokensDrafted + " right");
        }

        private void DrawFrames(LlmEngineComponent component)
        {
            if (_graph == null) _graph = new FrameTimeGraph();
            _graph.Draw(component.Frames, component.BudgetMilliseconds * 1000);
            EditorGUILayout.LabelField("Frame times", "blue: device, yellow: main thread, red line: budget");
            GUI.DrawTexture(EditorGUILayout.GetControlRect(false, 64), _graph.Texture, ScaleMode.StretchToFill);
            if (component.Frames.Count == 0) return;
            EditorGUILayout.LabelField("Newest frame", component.Frames.UpdateMicroseconds(0).ToString("0") + " µs of the main thread, "
                + component.Frames.DeviceMicroseconds(0).ToString("0") + " µs of the device");
        }

        private void DrawPages(LlmEngine engine)
        {
            if (_map == null) _map = new PageMapView();
            Texture2D picture = _map.Draw(engine);
            EditorGUILayout.LabelField("Pages", _map.Counts[(int)PageState.Used] + " used (blue), " + _map.Counts[(int)PageState.Shared]
                + " shared (green), " + _map.Counts[(int)PageState.Cached] + " cached (brown), " + _map.Counts[(int)PageState.Free]
                + " free");
            GUI.DrawTexture(EditorGUILayout.GetControlRect(false, _map.Rows * SquarePixels), picture, ScaleMode.StretchToFill);
        }
    }
}
