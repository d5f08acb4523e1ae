using Messaging.Relay.Channels;

namespace Messaging.Relay;

/// <summary>The relay's channels as their host sees them. Thread safe.</summary>
public sealed class ChannelStatus
{
    private readonly ChannelRegistry _registry;

    internal ChannelStatus(ChannelRegistry registry) => _registry = registry;

    /// <summary>Whether the disk takes nothing at present: it is full, or failed.</summary>
    public bool IsFaulty => _registry.Store.IsFaulty;

    /// <summary>Channels that are kept.</summary>
    public int Count => _registry.Count;

    /// <summary>Bytes of all records that are kept.</summary>
    public long Bytes => _registry.Bytes;
}
