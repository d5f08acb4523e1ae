using System.Buffers;
using System.Net.WebSockets;
using Messaging.Wire;

namespace Messaging.Relay.Channels.Sockets;

/// <summary>Sends messages one after the other. A peer that takes nothing for the stall time is cut.</summary>
internal sealed class SocketSender(WebSocket socket, TimeSpan stallTimeout, TimeProvider time, CancellationTokenSource ended) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <exception cref="OperationCanceledException">The connection has ended, or took nothing for too long.</exception>
    /// <exception cref="WebSocketException">The connection is broken.</exception>
    public async Task SendAsync(ChannelAnswer answer)
    {
        await _turn.WaitAsync(ended.Token);
        try
        {
            _buffer.ResetWrittenCount();
            Write(answer);
            await LimitAsync(token => socket.SendAsync(_buffer.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, token));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Says why it ends.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        await _turn.WaitAsync(ended.Token);
        try
        {
            await LimitAsync(token => new ValueTask(socket.CloseOutputAsync(status, reason, token)));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private void Write(ChannelAnswer answer)
    {
        var writer = new CborWriter(_buffer);
        answer.Write(ref writer);
    }

    private async Task LimitAsync(Func<CancellationToken, ValueTask> send)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        await using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, stallTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            await send(limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // Half a message was sent: nothing can follow it.
            await ended.CancelAsync();
            throw;
        }
    }
}
