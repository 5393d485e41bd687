using UnityEditor;

namespace EngineLlm.Unity.Editor
{
    /// <summary>Gives the device back before scripts are reloaded and before the editor ends, whatever is being said.</summary>
    [InitializeOnLoad]
    internal static class EngineShutdown
    {
        static EngineShutdown()
        {
            AssemblyReloadEvents.beforeAssemblyReload += EngineSessions.CloseAll;
            EditorApplication.quitting += EngineSessions.CloseAll;
        }
    }
}
