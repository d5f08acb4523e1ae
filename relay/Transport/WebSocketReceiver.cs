using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Messaging.Relay.Transport;

/// <summary>
/// The way into a WebSocket, through a pipe: a read of a WebSocket cannot be given up without breaking the socket, and with
/// it the last words that are on their way out, but a read of a pipe can. Packets need not be aligned with frames
/// ([MQTT-6.0.0-3]); a text frame ends the connection ([MQTT-6.0.0-1]).
/// </summary>
internal sealed class WebSocketReceiver(WebSocket socket)
{
    private const int ReadBytes = 4096;

    private readonly Pipe _pipe = new();

    /// <summary>Received bytes.</summary>
    public PipeReader Reader => _pipe.Reader;

    /// <summary>Receives until the peer closes or is gone. When nobody reads any more, what still comes is thrown away.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (!await ReceiveAsync())
            {
                await _pipe.Writer.CompleteAsync(new IOException("A text frame carries no MQTT."));
                await DrainAsync();
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The peer is gone without a closing frame. That ends the bytes and takes none back: its last word may be among them.
        }
        finally
        {
            await _pipe.Writer.CompleteAsync();
        }
    }

    /// <returns>True when the peer closed, false when it sent what it must not.</returns>
    private async Task<bool> ReceiveAsync()
    {
        while (true)
        {
            var result = await socket.ReceiveAsync(_pipe.Writer.GetMemory(ReadBytes), CancellationToken.None);
            if (result.MessageType != WebSocketMessageType.Binary)
            {
                return result.MessageType == WebSocketMessageType.Close;
            }

            _pipe.Writer.Advance(result.Count);
            await _pipe.Writer.FlushAsync(CancellationToken.None);
        }
    }

    private async Task DrainAsync()
    {
        var nowhere = new byte[ReadBytes];
        while ((await socket.ReceiveAsync(nowhere.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
        {
            // Only the peer's closing frame is waited for.
        }
    }
}
