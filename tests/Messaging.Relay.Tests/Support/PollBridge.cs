using System.Net;
using System.Net.Sockets;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Support;

/// <summary>Takes one TCP connection of a stock MQTT client and carries its bytes by long poll.</summary>
internal sealed class PollBridge : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly PollClient _client;

    public PollBridge(PollClient client)
    {
        _client = client;
        _listener.Start();
        Served = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Task Served { get; }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        using var socket = await _listener.AcceptSocketAsync(Wait.Timeout);
        await using var stream = new NetworkStream(socket);
        var up = UpAsync(stream);
        var down = DownAsync(stream);
        await await Task.WhenAny(up, down);
        await down;
        socket.Shutdown(SocketShutdown.Both);
        await up;
    }

    private async Task UpAsync(NetworkStream stream)
    {
        var buffer = new byte[LongPoll.MaxChunkBytes];
        for (ulong number = 1; await ReadAsync(stream, buffer) is var count and > 0; number++)
        {
            if (await _client.PutAsync(number, buffer[..count]) is var status && status != HttpStatusCode.NoContent)
            {
                Assert.Equal(HttpStatusCode.Gone, status);
                return;
            }
        }

        await _client.DeleteAsync();
    }

    private async Task DownAsync(NetworkStream stream)
    {
        for (ulong number = 1; ;)
        {
            var (status, chunk) = await _client.GetAsync(number);
            if (status == HttpStatusCode.OK)
            {
                await stream.WriteAsync(chunk, Wait.Timeout);
                number++;
            }
            else if (status != HttpStatusCode.NoContent)
            {
                return;
            }
        }
    }

    private static async Task<int> ReadAsync(NetworkStream stream, byte[] buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer, Wait.Timeout);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
