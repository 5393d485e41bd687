using EngineLlm.Unity;
using UnityEngine;

namespace EngineLlm.Samples.Tavern
{
    /// <summary>Speech bubbles, the line that the player types, and the frame-time graph.</summary>
    public sealed class TavernHud : MonoBehaviour
    {
        private const float Margin = 12;
        private readonly FrameTimeGraph _graph = new FrameTimeGraph();
        private readonly GUIContent _state = new GUIContent();
        private TavernBootstrap _tavern;
        private GUIStyle _bubbleStyle;
        private string _line = "";
        private float _frameMilliseconds;
        private float _nextState;

        internal void Show(TavernBootstrap tavern) => _tavern = tavern;

        private void Update()
        {
            _frameMilliseconds = Mathf.Lerp(_frameMilliseconds, Time.unscaledDeltaTime * 1000, 0.05f);
            _graph.Draw(_tavern.Engine.Frames, _tavern.Engine.BudgetMilliseconds * 1000);
            if (Time.unscaledTime < _nextState) return;
            _nextState = Time.unscaledTime + 0.25f;
            _state.text = StateOf(_tavern.Engine);
        }

        private void OnDestroy() => _graph.Dispose();

        private void OnGUI()
        {
            if (_bubbleStyle == null)
                _bubbleStyle = new GUIStyle(GUI.skin.box) { wordWrap = true, fontSize = 15, alignment = TextAnchor.UpperLeft };
            foreach (TavernCharacter character in _tavern.Characters) DrawBubble(character);
            DrawGraph();
            DrawInput();
        }

        private void DrawBubble(TavernCharacter character)
        {
            Camera eye = Camera.main;
            if (eye == null || character.Bubble.text.Length == 0) return;
            Vector3 head = eye.WorldToScreenPoint(character.Head);
            if (head.z <= 0) return;
            float width = Mathf.Min(300, Screen.width / 3.5f);
            float height = _bubbleStyle.CalcHeight(character.Bubble, width);
            GUI.Box(new Rect(head.x - width / 2, Screen.height - head.y - height, width, height), character.Bubble, _bubbleStyle);
        }

        private void DrawGraph()
        {
            var area = new Rect(Screen.width - FrameHistory.Capacity - Margin, Margin, FrameHistory.Capacity, 64);
            if (_graph.Texture != null) GUI.DrawTexture(area, _graph.Texture, ScaleMode.StretchToFill);
            GUI.Label(new Rect(area.x, area.yMax, area.width, 60), _state);
        }

        private void DrawInput()
        {
            GUILayout.BeginArea(new Rect(Margin, Screen.height - 74, Screen.width - 2 * Margin, 64));
            GUILayout.BeginHorizontal();
            foreach (string suggestion in TavernCast.Suggestions)
            {
                if (GUILayout.Button(suggestion)) SayToAll(suggestion);
            }
            GUILayout.EndHorizontal();
            GUILayout.BeginHorizontal();
            bool isEntered = Event.current.type == EventType.KeyDown && Event.current.keyCode == KeyCode.Return;
            _line = GUILayout.TextField(_line, 200, GUILayout.ExpandWidth(true));
            foreach (TavernCharacter character in _tavern.Characters)
            {
                if (GUILayout.Button(character.name, GUILayout.Width(90)) && _line.Trim().Length > 0) character.Hear(TakeLine());
            }
            if ((GUILayout.Button("Everyone", GUILayout.Width(90)) || isEntered) && _line.Trim().Length > 0) SayToAll(TakeLine());
            GUILayout.EndHorizontal();
            GUILayout.EndArea();
        }

        private void SayToAll(string line)
        {
            foreach (TavernCharacter character in _tavern.Characters) character.Hear(line);
        }

        private string TakeLine()
        {
            string line = _line;
            _line = "";
            return line;
        }

        private string StateOf(LlmEngineComponent engine)
        {
            string frame = "frame " + _frameMilliseconds.ToString("0.0") + " ms";
            switch (engine.State)
            {
                case LlmEngineState.Loading: return frame + ", loading " + Mathf.RoundToInt(engine.LoadProgress * 100) + " %";
                case LlmEngineState.Failed: return engine.Problem;
                case LlmEngineState.Ready when engine.Frames.Count > 0:
                    return frame + ", device " + (engine.Frames.DeviceMicroseconds(0) / 1000).ToString("0.0") + " ms of "
                        + engine.BudgetMilliseconds.ToString("0.0") + "\n" + engine.Engine.ModelName;
                default: return frame;
            }
        }
    }
}
