using System.Net.Sockets;

namespace Messaging.Relay.Mqtt.Connections;

/// <summary>TCP. It holds no buffer while nothing comes: a reception of zero bytes waits for the first.</summary>
internal sealed class SocketChannel(Socket socket) : IByteChannel
{
    public async ValueTask WaitAsync() => await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
        {
            data = data[await socket.SendAsync(data, SocketFlags.None)..];
        }
    }

    /// <summary>Closed while somebody receives, a socket resets its connection, which looks to the peer as if the network had failed.</summary>
    public void Abort()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is over already.
        }
    }

    public void Dispose() => socket.Dispose();
}
