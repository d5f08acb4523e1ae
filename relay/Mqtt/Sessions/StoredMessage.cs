using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Mqtt.Sessions;

/// <summary>A message that is kept: retained, waiting, or in flight. One for all who get it; it is never changed.</summary>
internal sealed class StoredMessage
{
    private const int OverheadBytes = 100;
    private readonly byte[] _block;
    private MessageRow? _row;
    private readonly int _topicBytes;
    private readonly int _propertyBytes;

    public StoredMessage(in Publication publication)
    {
        _topicBytes = publication.Topic.Length;
        _propertyBytes = publication.Properties.Length;
        _block = new byte[_topicBytes + _propertyBytes + publication.Payload.Length];
        publication.Topic.CopyTo(_block);
        publication.Properties.CopyTo(_block.AsSpan(_topicBytes));
        publication.Payload.CopyTo(_block.AsSpan(_topicBytes + _propertyBytes));
        Quality = publication.Quality;
        IsRetained = publication.IsRetained;
        ExpiresAtMs = publication.ExpiresAtMs;
    }

    public ReadOnlySpan<byte> Topic => _block.AsSpan(0, _topicBytes);

    public ReadOnlySpan<byte> Properties => _block.AsSpan(_topicBytes, _propertyBytes);

    public ReadOnlySpan<byte> Payload => _block.AsSpan(_topicBytes + _propertyBytes);

    public QualityOfService Quality { get; }

    public bool IsRetained { get; }

    /// <summary>On the broker's clock, in milliseconds; the largest number: never.</summary>
    public long ExpiresAtMs { get; }

    /// <summary>Bytes that it takes.</summary>
    public int Charge => _block.Length + OverheadBytes;

    /// <summary>Its place in the file, if it has one.</summary>
    public MessageRow Row => _row ?? Interlocked.CompareExchange(ref _row, new MessageRow(), null) ?? _row;

    public bool HasExpired(long nowMs) => nowMs >= ExpiresAtMs;
}
