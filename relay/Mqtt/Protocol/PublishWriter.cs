using System.Buffers.Binary;
using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>Writes PUBLISH (MQTT 5 section 3.3) for one subscriber.</summary>
internal ref struct PublishWriter
{
    private readonly MqttVersion _version;
    private readonly uint? _expiry;
    private readonly ReadOnlySpan<uint> _ids;
    private readonly int _propertyBytes;
    private readonly int _remaining;

    public PublishWriter(in Publication publication, MqttVersion version, QualityOfService quality, ReadOnlySpan<uint> ids, long nowMs)
    {
        _version = version;
        _ids = ids;
        Quality = quality;
        _remaining = 2 + publication.Topic.Length + (quality == QualityOfService.AtMostOnce ? 0 : 2) + publication.Payload.Length;
        if (version != MqttVersion.V5)
        {
            return;
        }

        _expiry = publication.SecondsLeft(nowMs);
        _propertyBytes = publication.Properties.Length + (_expiry is null ? 0 : 5);
        foreach (var id in ids)
        {
            _propertyBytes += 1 + VariableInteger.Size(id);
        }

        _remaining += VariableInteger.Size((uint)_propertyBytes) + _propertyBytes;
    }

    public QualityOfService Quality { get; }

    /// <summary>Bytes of the packet.</summary>
    public readonly int Size => 1 + VariableInteger.Size((uint)_remaining) + _remaining;

    /// <summary>Writes it.</summary>
    /// <param name="to">At least <see cref="Size"/> bytes.</param>
    /// <param name="publication">The message that the size was measured of.</param>
    /// <param name="packetId">Not looked at for QoS 0.</param>
    /// <param name="isDuplicate">It was sent before.</param>
    /// <param name="isRetained">The flag for this subscriber.</param>
    public readonly void Write(Span<byte> to, in Publication publication, ushort packetId, bool isDuplicate, bool isRetained)
    {
        to[0] = (byte)(((int)PacketKind.Publish << 4) | (isDuplicate ? 8 : 0) | ((int)Quality << 1) | (isRetained ? 1 : 0));
        var at = 1 + VariableInteger.Write(to[1..], (uint)_remaining);
        BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)publication.Topic.Length);
        publication.Topic.CopyTo(to[(at + 2)..]);
        at += 2 + publication.Topic.Length;
        if (Quality != QualityOfService.AtMostOnce)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[at..], packetId);
            at += 2;
        }

        if (_version == MqttVersion.V5)
        {
            at += WriteProperties(to[at..], publication);
        }

        publication.Payload.CopyTo(to[at..]);
    }

    private readonly int WriteProperties(Span<byte> to, in Publication publication)
    {
        var at = VariableInteger.Write(to, (uint)_propertyBytes);
        if (_expiry is { } seconds)
        {
            to[at] = (byte)PropertyId.MessageExpiryInterval;
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 1)..], seconds);
            at += 5;
        }

        foreach (var id in _ids)
        {
            to[at++] = (byte)PropertyId.SubscriptionIdentifier;
            at += VariableInteger.Write(to[at..], id);
        }

        publication.Properties.CopyTo(to[at..]);
        return at + publication.Properties.Length;
    }
}
