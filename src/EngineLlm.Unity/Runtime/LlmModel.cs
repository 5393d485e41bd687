using UnityEngine;

namespace EngineLlm.Unity
{
    /// <summary>
    /// A model of the project: what the importer makes of a <c>.gguf</c> file. It holds what the file says about itself; the weights stay
    /// in the file, which is opened where it lies in the editor and is copied into a build's StreamingAssets.
    /// </summary>
    public sealed class LlmModel : ScriptableObject
    {
        [SerializeField] private string _fileName = "";
        [SerializeField] private string _modelName = "";
        [SerializeField] private string _architecture = "";
        [SerializeField] private string _licence = "";
        [SerializeField] private long _fileBytes;
        [SerializeField] private long _parameterCount;
        [SerializeField] private int _contextLength;
        [SerializeField] private string _problem = "";

        /// <summary>The file's name in a build, below <c>StreamingAssets/EngineLlm</c>.</summary>
        public string FileName => _fileName;

        /// <summary>What the model calls itself.</summary>
        public string ModelName => _modelName;

        /// <summary>The architecture as GGUF names it.</summary>
        public string Architecture => _architecture;

        /// <summary>The licence that the file names, or an empty text.</summary>
        public string Licence => _licence;

        /// <summary>Size of the file, in bytes.</summary>
        public long FileBytes => _fileBytes;

        /// <summary>Number of weights.</summary>
        public long ParameterCount => _parameterCount;

        /// <summary>Tokens that the model was trained for.</summary>
        public int ContextLength => _contextLength;

        /// <summary>Why EngineLlm does not run it, or an empty text.</summary>
        public string Problem => _problem;

        internal void SetFile(string fileName) => _fileName = fileName;

        internal void SetInfo(ModelInfo info)
        {
            _modelName = info.Name;
            _architecture = info.Architecture;
            _licence = info.Licence;
            _fileBytes = info.FileBytes;
            _parameterCount = info.ParameterCount;
            _contextLength = info.ContextLength;
            _problem = info.Problem ?? "";
        }

        internal void SetProblem(string problem) => _problem = problem;
    }
}
