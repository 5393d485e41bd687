using System;
using System.IO;
using UnityEngine;
using UnityEngine.Networking;

namespace EngineLlm.Unity
{
    /// <summary>
    /// Brings a model to where it can be mapped. Almost everywhere it lies there already; on Android StreamingAssets are inside the
    /// application's package, so the file is written out once a build, in pieces, never through managed memory.
    /// </summary>
    internal sealed class ModelFileRequest : IDisposable
    {
        private readonly string _target;
        private UnityWebRequest _download;

        /// <param name="path">A file, or a file inside Android's application package.</param>
        internal ModelFileRequest(string path)
        {
            Path = path;
            if (!path.Contains("://")) return;
            string folder = Application.persistentDataPath + "/EngineLlm/Models";
            _target = folder + "/" + Application.buildGUID + "/" + System.IO.Path.GetFileName(path);
            Path = _target;
            if (File.Exists(_target)) return;
            // What an earlier build wrote out.
            if (Directory.Exists(folder)) Directory.Delete(folder, true);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_target));
            _download = new UnityWebRequest(path, UnityWebRequest.kHttpVerbGET, new DownloadHandlerFile(_target + ".part"), null);
            _download.SendWebRequest();
        }

        /// <summary>The file, once <see cref="TryFinish"/> has said so.</summary>
        internal string Path { get; }

        /// <summary>Whether the file is in place.</summary>
        /// <exception cref="IOException">It could not be written out.</exception>
        internal bool TryFinish()
        {
            if (_download == null) return true;
            if (!_download.isDone) return false;
            bool succeeded = _download.result == UnityWebRequest.Result.Success;
            string error = _download.error;
            Dispose();
            if (!succeeded) throw new IOException("The model could not be written to " + _target + ": " + error);
            File.Move(_target + ".part", _target);
            return true;
        }

        /// <summary>Gives up.</summary>
        public void Dispose()
        {
            if (_download == null) return;
            _download.Dispose();
            _download = null;
        }
    }
}
