using UnityEngine;
using UnityEngine.Rendering;

namespace EngineLlm.Samples.Tavern
{
    /// <summary>The room, of boxes and in whatever render pipeline the project has.</summary>
    internal static class TavernRoom
    {
        private static readonly Color[] s_colors = { new Color(0.62f, 0.24f, 0.2f), new Color(0.2f, 0.33f, 0.5f),
            new Color(0.3f, 0.48f, 0.28f) };

        internal static Color ColorOf(int character) => s_colors[character % s_colors.Length];

        internal static void Build(Transform room)
        {
            var wood = new Color(0.36f, 0.25f, 0.16f);
            Shape(PrimitiveType.Cube, room, new Vector3(0, -0.1f, 2), new Vector3(10, 0.2f, 8), wood * 0.7f);
            Shape(PrimitiveType.Cube, room, new Vector3(0, 2, 5), new Vector3(10, 4.4f, 0.2f), wood);
            Shape(PrimitiveType.Cube, room, new Vector3(-5, 2, 2), new Vector3(0.2f, 4.4f, 8), wood * 0.9f);
            Shape(PrimitiveType.Cube, room, new Vector3(5, 2, 2), new Vector3(0.2f, 4.4f, 8), wood * 0.9f);
            for (int table = -1; table <= 1; table++)
                Shape(PrimitiveType.Cylinder, room, new Vector3(2.4f * table, 0.35f, 1.1f), new Vector3(1.3f, 0.35f, 1.3f), wood * 1.2f);
            AddLight(room, new Vector3(0, 3.2f, 1.5f), new Color(1, 0.82f, 0.55f), 1.6f);
            AddLight(room, new Vector3(-4, 1, 4), new Color(1, 0.5f, 0.2f), 1.4f);
            AddCamera(room);
        }

        /// <summary>A primitive without a collider, in the pipeline's own material.</summary>
        internal static void Shape(PrimitiveType type, Transform parent, Vector3 place, Vector3 size, Color color)
        {
            GameObject shape = GameObject.CreatePrimitive(type);
            Object.Destroy(shape.GetComponent<Collider>());
            shape.transform.SetParent(parent);
            shape.transform.localPosition = place;
            shape.transform.localScale = size;
            var renderer = shape.GetComponent<Renderer>();
            RenderPipelineAsset pipeline = GraphicsSettings.currentRenderPipeline;
            if (pipeline != null && pipeline.defaultMaterial != null) renderer.sharedMaterial = pipeline.defaultMaterial;
            renderer.material.color = color;
        }

        private static void AddLight(Transform room, Vector3 place, Color color, float intensity)
        {
            var lamp = new GameObject("Lamp");
            lamp.transform.SetParent(room);
            lamp.transform.localPosition = place;
            var light = lamp.AddComponent<Light>();
            light.type = LightType.Point;
            light.range = 12;
            light.color = color;
            light.intensity = intensity;
        }

        private static void AddCamera(Transform room)
        {
            if (Camera.main != null) return;
            var eye = new GameObject("Camera");
            eye.tag = "MainCamera";
            eye.transform.SetParent(room);
            eye.transform.localPosition = new Vector3(0, 2.1f, -3.6f);
            eye.transform.LookAt(new Vector3(0, 1.3f, 2.5f));
            var camera = eye.AddComponent<Camera>();
            camera.clearFlags = CameraClearFlags.SolidColor;
            camera.backgroundColor = new Color(0.04f, 0.04f, 0.06f);
        }
    }
}
