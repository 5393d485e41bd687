using System;
using UnityEngine;
using Object = UnityEngine.Object;

namespace EngineLlm.Unity.Editor
{
    /// <summary>A picture of an engine's pages, a square each, in the order of the pool. Owns a texture.</summary>
    internal sealed class PageMapView : IDisposable
    {
        private const int Columns = 64;

        // In the order of PageState: free, used, shared, cached.
        private static readonly Color32[] s_colors =
        {
            new Color32(40, 43, 52, 255), new Color32(90, 160, 230, 255), new Color32(120, 210, 130, 255), new Color32(150, 130, 70, 255),
        };

        private PageState[] _pages = Array.Empty<PageState>();
        private Color32[] _pixels = Array.Empty<Color32>();
        private Texture2D _texture;

        /// <summary>Number of pages in each state, in the order of <see cref="PageState"/>.</summary>
        internal int[] Counts { get; } = new int[s_colors.Length];

        /// <summary>Number of rows of squares.</summary>
        internal int Rows { get; private set; }

        internal static Color32 ColorOf(PageState state) => s_colors[(int)state];

        /// <summary>Draws the pages as they are now. Allocates only when their number changes.</summary>
        internal Texture2D Draw(LlmEngine engine)
        {
            int count = engine.ReadPageMap(_pages);
            if (count != _pages.Length)
            {
                Resize(count);
                engine.ReadPageMap(_pages);
            }
            Array.Clear(Counts, 0, Counts.Length);
            for (int page = 0; page < count; page++)
            {
                Counts[(int)_pages[page]]++;
                // Textures start at the bottom, and the map at the top.
                int row = Rows - 1 - page / Columns;
                _pixels[row * Columns + page % Columns] = s_colors[(int)_pages[page]];
            }
            _texture.SetPixels32(_pixels);
            _texture.Apply(false);
            return _texture;
        }

        public void Dispose()
        {
            if (_texture != null) Object.DestroyImmediate(_texture);
            _texture = null;
        }

        private void Resize(int count)
        {
            Dispose();
            Rows = (count + Columns - 1) / Columns;
            _pages = new PageState[count];
            _pixels = new Color32[Rows * Columns];
            _texture = new Texture2D(Columns, Rows, TextureFormat.RGBA32, false);
            _texture.filterMode = FilterMode.Point;
            _texture.hideFlags = HideFlags.HideAndDontSave;
        }
    }
}
