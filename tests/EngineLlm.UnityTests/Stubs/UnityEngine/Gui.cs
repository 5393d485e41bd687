using System.Collections.Generic;
using UnityStub;

namespace UnityStub
{
    /// <summary>What the player presses.</summary>
    public static class Fingers
    {
        /// <summary>The label of the next button that counts as pressed.</summary>
        public static string NextButton { get; set; }

        internal static bool Press(string label)
        {
            if (label != NextButton) return false;
            NextButton = null;
            return true;
        }
    }
}

namespace UnityEngine
{
    public enum ScaleMode
    {
        StretchToFill,
    }

    public enum TextAnchor
    {
        UpperLeft,
    }

    public enum EventType
    {
        Repaint,
        KeyDown,
    }

    public enum KeyCode
    {
        None,
        Return,
    }

    public struct Rect
    {
        public Rect(float x, float y, float width, float height)
        {
            this.x = x;
            this.y = y;
            this.width = width;
            this.height = height;
        }

        public float x { get; set; }

        public float y { get; set; }

        public float width { get; set; }

        public float height { get; set; }

        public float yMax => y + height;
    }

    public sealed class Event
    {
        public static Event current { get; } = new Event();

        public EventType type { get; set; }

        public KeyCode keyCode { get; set; }
    }

    public class GUIContent
    {
        public string text { get; set; } = "";
    }

    public sealed class GUIStyle
    {
        public GUIStyle(GUIStyle other) { }

        public bool wordWrap { get; set; }

        public int fontSize { get; set; }

        public TextAnchor alignment { get; set; }

        public float CalcHeight(GUIContent content, float width) => content.text.Length / (width / 8) * 18 + 18;
    }

    public sealed class GUISkin : ScriptableObject
    {
        public GUIStyle box => null;
    }

    public class GUI
    {
        public static GUISkin skin { get; } = new GUISkin();

        public static void Box(Rect position, GUIContent content, GUIStyle style) { }

        public static void Label(Rect position, GUIContent content) { }

        public static void DrawTexture(Rect position, Texture image, ScaleMode scaleMode) { }
    }

    public sealed class GUILayoutOption { }

    public class GUILayout
    {
        public static void BeginArea(Rect screenRect) { }

        public static void EndArea() { }

        public static void BeginHorizontal(params GUILayoutOption[] options) { }

        public static void EndHorizontal() { }

        public static bool Button(string text, params GUILayoutOption[] options) => Fingers.Press(text);

        public static string TextField(string text, int maxLength, params GUILayoutOption[] options) => text;

        public static GUILayoutOption Width(float width) => new GUILayoutOption();

        public static GUILayoutOption ExpandWidth(bool expand) => new GUILayoutOption();
    }
}
