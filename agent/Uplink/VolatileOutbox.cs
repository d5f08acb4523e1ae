using System.Threading.Channels;
using Messaging.Agent.Sessions;

namespace Messaging.Agent.Uplink;

/// <summary>What is sent on the connection of this moment or not at all.</summary>
internal sealed class VolatileOutbox(UplinkWriter writer)
{
    private const int MaxWaiting = 64;
    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public ChannelReader<byte[]> Frames => _frames.Reader;

    /// <summary>What the sessions of operators send.</summary>
    public SessionOutbox Sessions { get; } = new();

    public void Send(uint type, ReadOnlySpan<byte> content)
    {
        if (writer.SealVolatile(type, content) is { } frame)
        {
            _frames.Writer.TryWrite(frame);
        }
    }

    /// <summary>A new connection does not send what was meant for the last one.</summary>
    public void Clear()
    {
        while (_frames.Reader.TryRead(out _))
        {
            // Dropped.
        }
    }
}
