namespace UnityEngine
{
    public enum PrimitiveType
    {
        Sphere,
        Capsule,
        Cylinder,
        Cube,
    }

    public enum TextureFormat
    {
        RGBA32 = 4,
    }

    public enum FilterMode
    {
        Point,
        Bilinear,
    }

    public enum CameraClearFlags
    {
        Skybox = 1,
        SolidColor = 2,
    }

    public enum LightType
    {
        Spot,
        Directional,
        Point,
    }

    public class Texture : Object
    {
        public FilterMode filterMode { get; set; }
    }

    public sealed class Texture2D : Texture
    {
        private readonly int _pixelCount;

        public Texture2D(int width, int height, TextureFormat textureFormat, bool mipChain) => _pixelCount = width * height;

        public void SetPixels32(Color32[] colors)
        {
            if (colors.Length != _pixelCount) throw new System.ArgumentException($"{colors.Length} colours for {_pixelCount} pixels.");
        }

        public void Apply(bool updateMipmaps) { }
    }

    public class Material : Object
    {
        public Color color { get; set; }
    }

    public class Collider : Component { }

    public class Renderer : Component
    {
        public Material material { get; set; } = new Material();

        public Material sharedMaterial { get; set; }
    }

    public sealed class Light : Behaviour
    {
        public LightType type { get; set; }

        public float range { get; set; }

        public Color color { get; set; }

        public float intensity { get; set; }
    }

    public sealed class Camera : Behaviour
    {
        private static Camera s_main;

        public Camera() => s_main = this;

        public static Camera main => s_main;

        public CameraClearFlags clearFlags { get; set; }

        public Color backgroundColor { get; set; }

        public Vector3 WorldToScreenPoint(Vector3 position) => new Vector3(position.x, position.y, 1);
    }
}

namespace UnityEngine.Rendering
{
    public abstract class RenderPipelineAsset : ScriptableObject
    {
        public virtual Material defaultMaterial => null;
    }

    public sealed class GraphicsSettings : Object
    {
        public static RenderPipelineAsset currentRenderPipeline => null;
    }
}
