using System.Net.WebSockets;
using System.Threading.Channels;
using Messaging.Wire;

namespace Messaging.Cli.Sessions;

/// <summary>One WebSocket of a session: packets as they come, until it ends.</summary>
internal sealed class SessionConnection : IAsyncDisposable
{
    private const int MaxIncoming = 256;
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);
    private readonly WebSocket _socket;
    private readonly Action _changed;
    private readonly Channel<byte[]> _incoming = Channel.CreateBounded<byte[]>(MaxIncoming);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _receiving;

    /// <param name="socket">Open; disposed with this.</param>
    /// <param name="changed">Called on any thread when a packet came, or the end.</param>
    public SessionConnection(WebSocket socket, Action changed)
    {
        _socket = socket;
        _changed = changed;
        _receiving = Task.Run(ReceiveAsync);
    }

    public ChannelReader<byte[]> Incoming => _incoming.Reader;

    /// <summary>Nothing comes any more, and nothing can be sent.</summary>
    public bool HasEnded => _receiving.IsCompleted;

    /// <summary>Why the server does not want this client any more; null when trying again may help.</summary>
    public string? FinalReason => _socket.CloseStatus is WebSocketCloseStatus.PolicyViolation or WebSocketCloseStatus.InvalidMessageType or WebSocketCloseStatus.MessageTooBig
        ? _socket.CloseStatusDescription ?? "The server has ended the session."
        : null;

    /// <returns>False when the connection has broken.</returns>
    public async Task<bool> TrySendAsync(byte[] packet)
    {
        try
        {
            await _socket.SendAsync(packet, WebSocketMessageType.Binary, endOfMessage: true, _end.Token);
            return true;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            await _end.CancelAsync();
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(CloseTime);
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, limit.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // Nobody is there to say good-bye to.
        }

        await _end.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[WireLimits.MaxSessionPacketBytes + 1];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    result = await _socket.ReceiveAsync(buffer.AsMemory(length), _end.Token);
                    length += result.Count;
                }
                while (!result.EndOfMessage && length < buffer.Length);
                if (result.MessageType != WebSocketMessageType.Binary || length == buffer.Length)
                {
                    return;
                }

                await _incoming.Writer.WriteAsync(buffer.AsSpan(0, length).ToArray(), _end.Token);
                _changed();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The connection has ended; whoever uses it makes another one.
        }
        finally
        {
            _changed();
        }
    }
}
