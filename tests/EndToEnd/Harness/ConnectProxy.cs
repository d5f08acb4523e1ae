using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Messaging.EndToEnd.Harness;

/// <summary>An HTTP proxy (CONNECT) in the hands of a test: a network that lets through what the test says, and breaks what the test says.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, bool> _clients = [];
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentDictionary<string, Verdict> _verdicts = new(StringComparer.Ordinal);
    private readonly Task _accepting;
    private int _aged;

    public ConnectProxy()
    {
        _listener.Start();
        _accepting = Accept();
    }

    public enum Verdict
    {
        Pass,

        /// <summary>403, as for a port that is not allowed.</summary>
        Refuse,

        /// <summary>200, and never a byte: a black hole.</summary>
        Swallow,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Gets or sets how old a new tunnel may get before it is closed, whatever goes through it; null: any age.</summary>
    public TimeSpan? Age { get; set; }

    /// <summary>Gets how many tunnels were closed for that.</summary>
    public int Aged => Volatile.Read(ref _aged);

    /// <summary>Gets the targets that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public void Set(string target, Verdict verdict) => _verdicts[target] = verdict;

    /// <summary>Resets (RST) everything that is open.</summary>
    public void CutAll()
    {
        foreach (var client in _clients.Keys)
        {
            try
            {
                client.LingerState = new LingerOption(enable: true, seconds: 0);
                client.Close();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It ended by itself in this moment.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CutAll();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _connections.Add(Serve(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task Serve(Socket client)
    {
        _clients[client] = true;
        using var target = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await using var stream = new NetworkStream(client);
            var name = (await ReadHead(stream)).Split(' ', 3)[1];
            Asked.Enqueue(name);
            var verdict = _verdicts.GetValueOrDefault(name);
            if (verdict == Verdict.Refuse)
            {
                await stream.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
                return;
            }

            if (verdict == Verdict.Pass)
            {
                await target.ConnectAsync("127.0.0.1", int.Parse(name[(name.LastIndexOf(':') + 1)..]), _stop.Token);
            }

            await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
            await (verdict == Verdict.Pass ? Tunnel(client, target) : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went away, as the tests make them do.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            client.Dispose();
        }
    }

    private async Task<string> ReadHead(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task Tunnel(Socket client, Socket target)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using var old = Age is { } age ? new CancellationTokenSource(age, TimeProvider.System) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, old.Token);
        var up = Pump(client, target, either.Token);
        var down = Pump(target, client, either.Token);
        await Task.WhenAny(up, down);
        if (old.IsCancellationRequested)
        {
            Interlocked.Increment(ref _aged);
        }

        await ended.CancelAsync();
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task Pump(Socket from, Socket to, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, ct) is var count and > 0)
        {
            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), ct);
            }
        }
    }
}
