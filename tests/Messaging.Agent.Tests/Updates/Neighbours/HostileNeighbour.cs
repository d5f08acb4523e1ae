using System.Net;
using System.Net.Sockets;
using Messaging.Agent.Updates.Neighbours;

namespace Messaging.Agent.Tests.Updates.Neighbours;

/// <summary>Somebody on the network who knows an artifact's hash, says that it has it, and does something else.</summary>
internal sealed class HostileNeighbour : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LanLink _link;
    private readonly Socket _ear;
    private readonly Socket _mouth;
    private readonly Socket _listener;
    private readonly Task[] _loops;
    private readonly Func<Socket, string, CancellationToken, Task> _serve;
    private int _connections;

    /// <param name="address">Of the loopback network.</param>
    /// <param name="port">Where questions are asked.</param>
    /// <param name="sha256">What it says that it has.</param>
    /// <param name="offers">How often it says so.</param>
    /// <param name="serve">What it does with a request.</param>
    public HostileNeighbour(string address, int port, byte[] sha256, int offers, Func<Socket, string, CancellationToken, Task> serve)
    {
        _serve = serve;
        _link = new LanLink("lo", LanLinks.Find(["lo"])[0].Index, IPAddress.Parse(address), 0xFF000000);
        (_ear, _mouth, _listener) = (LanSockets.Ear(_link, port), LanSockets.Mouth(_link), LanSockets.Listener(_link, 0, 64));
        _loops = [OfferAsync(sha256, offers), AcceptAsync()];
    }

    /// <summary>How many came.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Nothing but bytes: what the mirror would have said, too.</summary>
    public static Func<Socket, string, CancellationToken, Task> Answering(Func<string, byte[]> answer) => async (socket, head, ct) =>
    {
        await socket.SendAsync(answer(head), ct);
        socket.Shutdown(SocketShutdown.Send);
    };

    /// <summary>The first byte that was asked for.</summary>
    public static int Offset(string head) => head.Split("Range: bytes=") is [_, var rest] ? int.Parse(rest.Split('-')[0]) : 0;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ear.Dispose();
        _mouth.Dispose();
        _stop.Dispose();
    }

    private async Task OfferAsync(byte[] sha256, int offers)
    {
        var word = new byte[64];
        while (true)
        {
            var heard = await _ear.ReceiveFromAsync(word, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
            var answer = NeighbourWord.Answer(NeighbourWord.Nonce(word.AsSpan(0, NeighbourWord.Bytes)), ((IPEndPoint)_listener.LocalEndPoint!).Port, sha256);
            for (var i = 0; i < offers; i++)
            {
                await _mouth.SendToAsync(answer, SocketFlags.None, heard.RemoteEndPoint, _stop.Token);
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptAsync(_stop.Token);
            Interlocked.Increment(ref _connections);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                var head = new byte[4096];
                var read = await client.ReceiveAsync(head, _stop.Token);
                await _serve(client, System.Text.Encoding.ASCII.GetString(head, 0, read), _stop.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The device had enough of it.
            }
        }
    }
}
