using UnityEditor;
using UnityEditor.SceneManagement;
using UnityEngine;

namespace EngineLlm.Samples.Tavern.Editor
{
    /// <summary>The menu entry that makes the tavern's scene.</summary>
    public static class TavernMenu
    {
        /// <summary>Makes an empty scene with the bootstrap in it. Press Play, or save the scene and build it.</summary>
        [MenuItem("EngineLlm/New Tavern Scene")]
        public static void Create()
        {
            if (!EditorSceneManager.SaveCurrentModifiedScenesIfUserWantsTo()) return;
            EditorSceneManager.NewScene(NewSceneSetup.EmptyScene, NewSceneMode.Single);
            Selection.activeGameObject = new GameObject("Tavern", typeof(TavernBootstrap));
        }
    }
}
