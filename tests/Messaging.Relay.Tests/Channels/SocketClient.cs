using System.Net.WebSockets;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Channels;

/// <summary>A client of channels over WebSocket.</summary>
internal sealed class SocketClient(ClientWebSocket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[4 * 1024 * 1024];

    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public Task SendAsync(ChannelRequest request) => SendAsync(request.Encode());

    public Task SendAsync(byte[] message, WebSocketMessageType type = WebSocketMessageType.Binary) =>
        socket.SendAsync(message, type, endOfMessage: true, Wait.Timeout);

    /// <summary>The next message; null when the relay closes.</summary>
    public async Task<ChannelAnswer?> ReceiveAsync()
    {
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(_buffer.AsMemory(length), Wait.Timeout);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += received.Count;
            if (received.EndOfMessage)
            {
                Assert.True(ChannelAnswer.TryDecode(_buffer.AsSpan(0, length), out var answer));
                return answer;
            }
        }
    }

    /// <summary>The next message of a kind; what comes before it is not looked at.</summary>
    public async Task<ChannelAnswer> ReceiveAsync(ChannelAnswerKind kind)
    {
        while (true)
        {
            var answer = await ReceiveAsync();
            Assert.NotNull(answer);
            if (answer.Kind == kind)
            {
                return answer;
            }
        }
    }

    public async Task<ChannelAnswer> OpenAsync(TestChannel channel, ulong? from, byte[]? member = null)
    {
        await SendAsync(ChannelRequest.Open(channel.Id, channel.Secret, from, member, member is null ? null : [1]));
        var answer = await ReceiveAsync();
        Assert.NotNull(answer);
        return answer;
    }

    /// <summary>Records until there are so many.</summary>
    public async Task<List<ChannelRecord>> ReadAsync(int count)
    {
        var records = new List<ChannelRecord>();
        while (records.Count < count)
        {
            records.AddRange((await ReceiveAsync(ChannelAnswerKind.Records)).Page!.Records);
        }

        return records;
    }

    public Task CloseAsync() => socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Wait.Timeout);

    public void Dispose() => socket.Dispose();
}
