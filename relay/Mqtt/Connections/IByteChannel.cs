namespace Messaging.Relay.Mqtt.Connections;

/// <summary>A stream of bytes in both directions, whatever carries it. One call of each kind at a time.</summary>
internal interface IByteChannel : IDisposable
{
    /// <summary>Completes when there is something to receive, or the peer has ended, and needs no buffer for it. It comes before each reception.</summary>
    ValueTask WaitAsync();

    /// <summary>Receives what is there, at least one byte; 0 when the peer has ended.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends all of it.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> data);

    /// <summary>Ends it at once; calls that wait fail, or receive nothing. <see cref="IDisposable.Dispose"/> still follows.</summary>
    void Abort();
}
