using System;

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
        public DownloadHandlerFile(string path) { }
    }

    public class UnityWebRequestAsyncOperation : AsyncOperation { }

    public class UnityWebRequest : IDisposable
    {
        public const string kHttpVerbGET = "GET";

        public UnityWebRequest(string url, string method, DownloadHandler downloadHandler, UploadHandler uploadHandler) { }

        public enum Result
        {
            InProgress,
            Success,
            ConnectionError,
        }

        public bool isDone => false;

        public Result result => Result.InProgress;

        public string error => null;

        public UnityWebRequestAsyncOperation SendWebRequest() => new UnityWebRequestAsyncOperation();

        public void Dispose() { }
    }
}
