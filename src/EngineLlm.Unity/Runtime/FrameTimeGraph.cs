using System;
using UnityEngine;
using Object = UnityEngine.Object;

namespace EngineLlm.Unity
{
    /// <summary>
    /// A picture of a <see cref="FrameHistory"/>, a column a frame, the newest at the right: device time below, main thread time over it,
    /// and a line at the budget. Redrawing allocates nothing. Dispose of it: it owns a texture.
    /// </summary>
    public sealed class FrameTimeGraph : IDisposable
    {
        private const int Height = 64;
        private static readonly Color32 s_empty = new Color32(24, 26, 32, 255);
        private static readonly Color32 s_device = new Color32(90, 160, 230, 255);
        private static readonly Color32 s_update = new Color32(240, 190, 80, 255);
        private static readonly Color32 s_budget = new Color32(230, 90, 80, 255);

        private readonly Color32[] _pixels = new Color32[FrameHistory.Capacity * Height];
        private Texture2D _texture;
        private long _drawnTotal = -1;

        /// <summary>The picture as it was drawn last.</summary>
        public Texture2D Texture => _texture;

        /// <summary>Draws the frames anew where any were added.</summary>
        /// <param name="history">The frames.</param>
        /// <param name="budgetMicroseconds">The frame's budget; the picture is twice as high.</param>
        public void Draw(FrameHistory history, float budgetMicroseconds)
        {
            if (_texture == null)
            {
                _texture = new Texture2D(FrameHistory.Capacity, Height, TextureFormat.RGBA32, false);
                _texture.filterMode = FilterMode.Point;
                _texture.hideFlags = HideFlags.HideAndDontSave;
            }
            else if (_drawnTotal == history.Total)
            {
                return;
            }
            _drawnTotal = history.Total;
            float pixelsPerMicrosecond = Height / 2 / Math.Max(1, budgetMicroseconds);
            for (int column = 0; column < FrameHistory.Capacity; column++) DrawColumn(history, column, pixelsPerMicrosecond);
            _texture.SetPixels32(_pixels);
            _texture.Apply(false);
        }

        /// <summary>Gives the texture back.</summary>
        public void Dispose()
        {
            if (_texture == null) return;
            if (Application.isPlaying) Object.Destroy(_texture);
            else Object.DestroyImmediate(_texture);
            _texture = null;
        }

        private void DrawColumn(FrameHistory history, int column, float pixelsPerMicrosecond)
        {
            int age = FrameHistory.Capacity - 1 - column, device = 0, update = 0;
            if (age < history.Count)
            {
                device = PixelsOf(history.DeviceMicroseconds(age) * pixelsPerMicrosecond);
                update = device + PixelsOf(history.UpdateMicroseconds(age) * pixelsPerMicrosecond);
            }
            for (int row = 0; row < Height; row++)
            {
                Color32 color = row == Height / 2 ? s_budget : row < device ? s_device : row < update ? s_update : s_empty;
                _pixels[row * FrameHistory.Capacity + column] = color;
            }
        }

        private static int PixelsOf(float height) => (int)Math.Min(Height, Math.Ceiling(height));
    }
}
