using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Agent.Tests.Trust;

/// <summary>A web server on the loopback address that gives every request the same answer, whatever it is.</summary>
internal sealed class Home : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;
    private readonly List<string> _requests = [];

    /// <param name="status">As in "200 OK".</param>
    /// <param name="body">The body.</param>
    /// <param name="header">One more line of the head.</param>
    public Home(string status, byte[] body, string header = "")
    {
        _answer = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{header}\r\n"), .. body];
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The first line of each request.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var first = await reader.ReadLineAsync() ?? "";
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    // The rest of the head.
                }

                lock (_requests)
                {
                    _requests.Add(first);
                }

                try
                {
                    await stream.WriteAsync(_answer);
                }
                catch (IOException)
                {
                    // Whoever asked has had enough of it.
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
