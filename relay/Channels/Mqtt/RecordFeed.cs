using System.Buffers.Text;
using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Channels.Mqtt;

/// <summary>Records from an offset on, each once, in their order; of those that retention has removed the offsets are missing.</summary>
internal sealed class RecordFeed : ChannelFeed
{
    /// <summary>Small enough that answers to appends get their turn between two of them.</summary>
    private const int PageBytes = 128 * 1024;

    private const int MaxDigits = 20;

    private readonly Channel _channel;
    private readonly ChannelRegistry _registry;
    private readonly ChannelSender _sender;
    private readonly PageLimits _limits;
    private readonly uint _subscriptionId;
    private readonly byte[] _room;
    private readonly byte[] _property;
    private long _next;

    public RecordFeed(Channel channel, ChannelRegistry registry, ChannelSender sender, ReadOnlySpan<byte> filter, ulong from, uint subscriptionId)
    {
        (_channel, _registry, _sender, _subscriptionId, _next) = (channel, registry, sender, subscriptionId, (long)from);
        _limits = new PageLimits(registry.Options.MaxPageRecords, PageBytes);
        _room = ChannelTopics.Room(filter);
        _property = [(byte)PropertyId.UserProperty, 0, (byte)"taken"u8.Length, .. "taken"u8, 0, 0, .. new byte[MaxDigits]];
    }

    public override async ValueTask<bool> WriteAsync(CancellationToken cancellationToken)
    {
        var records = await _registry.ReadAsync(_channel, _next, _limits, cancellationToken);
        foreach (var record in records)
        {
            _sender.Publish(ChannelTopics.Write(_room, record.Offset), record.Body, Taken(record.UnixMs), _subscriptionId);
        }

        _next = records is [.., var last] ? (long)last.Offset + 1 : _next;
        return records.Count > 0;
    }

    /// <summary>When the relay took it, as a user property.</summary>
    private ReadOnlySpan<byte> Taken(long unixMs)
    {
        var start = _property.Length - MaxDigits;
        Utf8Formatter.TryFormat(unixMs, _property.AsSpan(start), out var digits);
        _property[start - 1] = (byte)digits;
        return _property.AsSpan(0, start + digits);
    }
}
