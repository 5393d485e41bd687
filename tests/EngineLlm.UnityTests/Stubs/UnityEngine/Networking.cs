using System;
using System.IO;

namespace UnityEngine
{
    public class AsyncOperation { }
}

namespace UnityEngine.Networking
{
    public class DownloadHandler : IDisposable
    {
        public void Dispose() { }
    }

    public class UploadHandler : IDisposable
    {
        public void Dispose() { }
    }

    public sealed class DownloadHandlerFile : DownloadHandler
    {
        public DownloadHandlerFile(string path) => Path = path;

        internal string Path { get; }
    }

    public class UnityWebRequestAsyncOperation : AsyncOperation { }

    public class UnityWebRequest : IDisposable
    {
        public const string kHttpVerbGET = "GET";

        // What Android's addresses begin with, up to the path inside the application's package; here a path of the file system.
        private const string Package = "jar:file://base.apk!";
        private readonly string _source;
        private readonly string _target;
        private int _askedCount;

        public UnityWebRequest(string url, string method, DownloadHandler downloadHandler, UploadHandler uploadHandler)
        {
            _source = url.Substring(Package.Length);
            _target = ((DownloadHandlerFile)downloadHandler).Path;
        }

        public enum Result
        {
            InProgress,
            Success,
            ConnectionError,
        }

        // Takes some frames, as it does there.
        public bool isDone => ++_askedCount > 3;

        public Result result => _askedCount <= 3 ? Result.InProgress : error == null ? Result.Success : Result.ConnectionError;

        public string error { get; private set; }

        public UnityWebRequestAsyncOperation SendWebRequest()
        {
            if (File.Exists(_source)) File.Copy(_source, _target, true);
            else error = "no such file";
            return new UnityWebRequestAsyncOperation();
        }

        public void Dispose() { }
    }
}
