using System;
using UnityStub;

namespace UnityEngine
{
    public static class Application
    {
        public static event Action quitting;

        public static bool isPlaying { get; set; } = true;

        public static string streamingAssetsPath { get; set; } = "";

        public static string persistentDataPath { get; set; } = "";

        public static string buildGUID => "0123456789abcdef0123456789abcdef";

        internal static void RaiseQuitting() => quitting?.Invoke();
    }

    public static class Debug
    {
        public static void LogError(object message, Object context) => Game.Errors.Add(message.ToString());

        public static void LogException(Exception exception) => Game.Errors.Add(exception.ToString());
    }

    public static class Time
    {
        public static int frameCount { get; internal set; }

        public static float unscaledDeltaTime => 1 / 60f;

        public static float unscaledTime => frameCount / 60f;
    }

    public static class Screen
    {
        public static int width => 1280;

        public static int height => 720;
    }

    public struct Mathf
    {
        public static float Max(float a, float b) => Math.Max(a, b);

        public static int Max(int a, int b) => Math.Max(a, b);

        public static float Min(float a, float b) => Math.Min(a, b);

        public static int Clamp(int value, int min, int max) => Math.Max(min, Math.Min(max, value));

        public static int RoundToInt(float f) => (int)Math.Round(f);

        public static float Lerp(float a, float b, float t) => a + (b - a) * t;
    }

    public struct Vector3
    {
        public float x;
        public float y;
        public float z;

        public Vector3(float x, float y, float z)
        {
            this.x = x;
            this.y = y;
            this.z = z;
        }

        public static Vector3 operator +(Vector3 a, Vector3 b) => new Vector3(a.x + b.x, a.y + b.y, a.z + b.z);
    }

    public struct Color
    {
        public float r;
        public float g;
        public float b;
        public float a;

        public Color(float r, float g, float b)
        {
            this.r = r;
            this.g = g;
            this.b = b;
            a = 1;
        }

        public static Color operator *(Color a, float b) => new Color(a.r * b, a.g * b, a.b * b);
    }

    public struct Color32
    {
        public byte r;
        public byte g;
        public byte b;
        public byte a;

        public Color32(byte r, byte g, byte b, byte a)
        {
            this.r = r;
            this.g = g;
            this.b = b;
            this.a = a;
        }
    }
}
