using UnityEditor;

namespace EngineLlm.Unity.Editor
{
    /// <summary>What a model's file says about itself.</summary>
    [CustomEditor(typeof(LlmModel))]
    internal sealed class LlmModelInspector : UnityEditor.Editor
    {
        public override void OnInspectorGUI()
        {
            var model = (LlmModel)target;
            EditorGUILayout.LabelField("Model", model.ModelName);
            EditorGUILayout.LabelField("Architecture", model.Architecture);
            EditorGUILayout.LabelField("Weights", (model.ParameterCount / 1e6).ToString("0.#") + " million");
            EditorGUILayout.LabelField("File", (model.FileBytes >> 20) + " MiB");
            EditorGUILayout.LabelField("Context", model.ContextLength + " tokens");
            EditorGUILayout.LabelField("Licence", model.Licence.Length == 0 ? "the file names none" : model.Licence);
            if (model.Problem.Length > 0) EditorGUILayout.HelpBox(model.Problem, MessageType.Error);
        }
    }
}
