using System.Buffers;
using System.IO.Pipelines;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Transport;

namespace Messaging.Relay.Doors;

/// <summary>What the host accepted and brings by pipes: TLS, WebSocket, plain TCP.</summary>
/// <param name="transport">The pipes.</param>
/// <param name="time">The clock.</param>
internal sealed class PipeChannel(RelayTransport transport, TimeProvider time) : IByteChannel
{
    /// <summary>How long a peer may take to read what was sent last.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(4);

    private int _isEnding;

    public async ValueTask WaitAsync()
    {
        var read = await ReadAsync();
        transport.Input.AdvanceTo(read.Buffer.Start);
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        var read = await ReadAsync();
        var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
        part.CopyTo(buffer.Span);
        var count = (int)part.Length;
        transport.Input.AdvanceTo(part.End);
        return count;
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> data)
    {
        FlushResult result;
        try
        {
            result = await transport.Output.WriteAsync(data);
        }
        catch (InvalidOperationException error) when (Volatile.Read(ref _isEnding) != 0)
        {
            // The host has closed the pipe already.
            throw new IOException("The connection is over.", error);
        }

        if (result.IsCompleted || result.IsCanceled)
        {
            throw new IOException("The connection is over.");
        }
    }

    /// <summary>Nothing is read or written any more. What is in the pipe goes out while the host closes the connection, for a while.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _isEnding, 1) == 0)
        {
            transport.Input.CancelPendingRead();
            transport.Output.CancelPendingFlush();
            _ = AbortLaterAsync();
        }
    }

    public void Dispose() => Abort();

    private async ValueTask<ReadResult> ReadAsync()
    {
        var read = await transport.Input.ReadAsync();
        return read.IsCanceled ? throw new OperationCanceledException("The connection is over.") : read;
    }

    private async Task AbortLaterAsync()
    {
        await Task.Delay(LingerTime, time);
        transport.Abort();
    }
}
