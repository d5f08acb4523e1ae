using System.Buffers;
using System.Net.WebSockets;
using Messaging.Relay.Tests.Support;
using Messaging.Relay.Transport;

namespace Messaging.Relay.Tests.Transport;

public sealed class WebSocketReceiverTests
{
    [Fact]
    public async Task LastWord_OfWhoIsGoneWithoutAClosingFrame_IsReceived()
    {
        // A binary frame of two bytes, and then nothing.
        await using var stream = new MemoryStream([0x82, 0x82, 0, 0, 0, 0, 0xE0, 0x00]);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        var receiver = new WebSocketReceiver(socket);

        await receiver.RunAsync();

        var read = await receiver.Reader.ReadAsync(Wait.Timeout);
        Assert.Equal([0xE0, 0x00], read.Buffer.ToArray());
        Assert.True(read.IsCompleted);
    }
}
