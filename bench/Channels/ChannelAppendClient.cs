using System.Net.WebSockets;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Bench.Channels;

/// <summary>Channels over WebSocket.</summary>
internal sealed class ChannelAppendClient : IAppendClient
{
    private readonly ClientWebSocket _socket;
    private readonly ChannelId _channel;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private ChannelAppendClient(ClientWebSocket socket, ChannelId channel) => (_socket, _channel) = (socket, channel);

    /// <summary>Makes a channel.</summary>
    public static async Task<(ChannelId Id, byte[] Secret)> CreateAsync(int port)
    {
        var (id, secret) = (ChannelId.Generate(), RandomNumberGenerator.GetBytes(32));
        using var http = new HttpClient();
        using var body = new ByteArrayContent(new ChannelCreate(SHA256.HashData(secret), []).Encode());
        using var answer = await http.PutAsync(new Uri($"http://127.0.0.1:{port}{ChannelSocket.Path}/{id}"), body);
        answer.EnsureSuccessStatusCode();
        return (id, secret);
    }

    public static async Task<IAppendClient> ConnectAsync(int port, (ChannelId Id, byte[] Secret) channel)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(ChannelSocket.SubProtocol);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}{ChannelSocket.Path}"), CancellationToken.None);
        var client = new ChannelAppendClient(socket, channel.Id);
        await client.SendAsync(ChannelRequest.Open(channel.Id, channel.Secret, from: null).Encode());
        await client.ReceiveAsync(ChannelAnswerKind.Opened);
        return client;
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> body, int count, int inFlight)
    {
        var message = ChannelRequest.Append(_channel, 0, body.ToArray()).Encode();
        using var places = new SemaphoreSlim(inFlight);
        var receiving = ReceiveAllAsync(count, places);
        for (var i = 0; i < count; i++)
        {
            await places.WaitAsync();
            await SendAsync(message);
        }

        await receiving;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAllAsync(int count, SemaphoreSlim places)
    {
        for (var i = 0; i < count; i++)
        {
            await ReceiveAsync(ChannelAnswerKind.Appended);
            places.Release();
        }
    }

    private ValueTask SendAsync(byte[] message) => _socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    private async Task ReceiveAsync(ChannelAnswerKind kind)
    {
        var received = await _socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None);
        if (!ChannelAnswer.TryDecode(_buffer.AsSpan(0, received.Count), out var answer) || answer.Kind != kind)
        {
            throw new InvalidDataException($"{answer?.Kind} instead of {kind}: {answer?.Text}");
        }
    }
}
