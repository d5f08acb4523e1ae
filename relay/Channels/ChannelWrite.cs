using Messaging.Relay.Storage;

namespace Messaging.Relay.Channels;

/// <summary>A write that changes one channel.</summary>
internal abstract class ChannelWrite(ChannelRegistry registry, Channel channel) : StoreWrite
{
    protected ChannelRegistry Registry { get; } = registry;

    protected Channel Channel { get; } = channel;

    public override int Size => 256;

    public override void Revert()
    {
        Channel.Pending = Channel.Extent;
        Channel.IsRemoved = false;
    }

    protected static AppendStatus Status(StoreOutcome outcome) => outcome switch
    {
        StoreOutcome.Durable => AppendStatus.Durable,
        StoreOutcome.Full => AppendStatus.DiskFull,
        StoreOutcome.Busy => AppendStatus.Busy,
        StoreOutcome.Stopped => AppendStatus.Stopping,
        _ => AppendStatus.DiskFailed,
    };
}
