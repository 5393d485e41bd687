namespace EngineLlm.Unity
{
    /// <summary>What an engine component is doing.</summary>
    public enum LlmEngineState
    {
        /// <summary>Disabled, or before its first frame.</summary>
        Off,

        /// <summary>Reads the model on another thread.</summary>
        Loading,

        /// <summary>Characters talk.</summary>
        Ready,

        /// <summary>Nothing works; see <see cref="LlmEngineComponent.Problem"/>. Disable and enable the component to try again.</summary>
        Failed,
    }
}
