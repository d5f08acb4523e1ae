using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Messaging.EndToEnd.Harness;

/// <summary>Something between two ends, in the hands of a test: takes connections and does with each what the class that derives from it says.</summary>
internal abstract class TcpForwarder : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, bool> _clients = [];
    private readonly ConcurrentBag<Task> _connections = [];
    private Task _accepting = Task.CompletedTask;

    /// <param name="port">0: any that is free.</param>
    protected TcpForwarder(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

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

    /// <summary>To be called once everything that <see cref="ServeAsync"/> needs is there.</summary>
    protected void Begin() => _accepting = AcceptAsync();

    /// <summary>Serves one connection until it ends; what a side that goes away throws is expected.</summary>
    protected abstract Task ServeAsync(NetworkStream client, CancellationToken stop);

    protected static async Task<NetworkStream> ConnectAsync(int port, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Runs both ways until one of them ends, and then ends the other.</summary>
    protected static async Task BothAsync(Func<CancellationToken, Task> up, Func<CancellationToken, Task> down, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var (one, other) = (up(ended.Token), down(ended.Token));
        await Task.WhenAny(one, other);
        await ended.CancelAsync();
        await Task.WhenAll(one, other);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        _clients[client] = true;
        client.NoDelay = true;
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            await ServeAsync(stream, _stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went away, as the tests make them do.
        }
        finally
        {
            _clients.TryRemove(client, out _);
        }
    }
}
