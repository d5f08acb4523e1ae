using System.Net;

namespace Messaging.EndToEnd.Harness;

/// <summary>A web server of files and nothing else, on a free port of the loopback address.</summary>
internal sealed class StaticHost : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;

    public StaticHost(string folder)
    {
        _folder = Path.GetFullPath(folder);
        Url = $"http://127.0.0.1:{Ports.Free()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var path = Path.GetFullPath(Path.Combine(_folder, Uri.UnescapeDataString(context.Request.Url!.AbsolutePath).TrimStart('/')));
                var isThere = path.StartsWith(_folder, StringComparison.Ordinal) && File.Exists(path);
                context.Response.StatusCode = isThere ? 200 : 404;
                if (isThere)
                {
                    var content = await File.ReadAllBytesAsync(path);
                    context.Response.ContentLength64 = content.Length;
                    await context.Response.OutputStream.WriteAsync(content);
                }

                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
            return;
        }
    }
}
