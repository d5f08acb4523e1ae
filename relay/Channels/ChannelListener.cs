using System.Threading.Channels;

namespace Messaging.Relay.Channels;

/// <summary>
/// Somebody who follows a channel. It is only told that there is something new, and reads it at its own pace: a slow one holds nothing in
/// memory and nobody up.
/// </summary>
internal sealed class ChannelListener : IDisposable
{
    private readonly Channel _channel;
    private readonly Channel<byte> _signal =
        System.Threading.Channels.Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public ChannelListener(Channel channel)
    {
        _channel = channel;
        channel.Add(this);
    }

    /// <summary>Something may be new.</summary>
    public void Wake() => _signal.Writer.TryWrite(0);

    /// <summary>Waits for something new.</summary>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    public void Dispose() => _channel.Remove(this);
}
