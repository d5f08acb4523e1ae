using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>PUBLISH (MQTT 5 section 3.3), as it lies in what was received.</summary>
internal ref struct PublishPacket
{
    private static readonly ulong Allowed = PropertyReader.Allow(
        PropertyId.PayloadFormatIndicator,
        PropertyId.MessageExpiryInterval,
        PropertyId.TopicAlias,
        PropertyId.ResponseTopic,
        PropertyId.CorrelationData,
        PropertyId.UserProperty,
        PropertyId.ContentType);

    /// <summary>Empty: <see cref="TopicAlias"/> says.</summary>
    public ReadOnlySpan<byte> Topic;

    public ReadOnlySpan<byte> Payload;

    /// <summary>All properties, without their length.</summary>
    public ReadOnlySpan<byte> Properties;

    public QualityOfService Quality;

    public bool IsRetained;

    public bool IsDuplicate;

    /// <summary>0 of QoS 0.</summary>
    public ushort PacketId;

    /// <summary>0: none.</summary>
    public ushort TopicAlias;

    /// <summary>Null: it does not expire.</summary>
    public uint? ExpirySeconds;

    /// <summary>Whether <see cref="Properties"/> hold what is this connection's alone, so that they cannot be passed on as they are.</summary>
    public bool HasOwnProperties;

    /// <summary>Reads the packet.</summary>
    /// <param name="first">The first byte of the fixed header.</param>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Of the protocol.</param>
    /// <param name="packet">What was read.</param>
    /// <returns>Success, or what is wrong.</returns>
    public static ReasonCode TryRead(byte first, ReadOnlySpan<byte> body, MqttVersion version, out PublishPacket packet)
    {
        packet = default;
        packet.Quality = (QualityOfService)((first >> 1) & 3);
        packet.IsRetained = (first & 1) != 0;
        packet.IsDuplicate = (first & 8) != 0;
        if (packet.Quality > QualityOfService.ExactlyOnce || (packet.IsDuplicate && packet.Quality == QualityOfService.AtMostOnce))
        {
            return ReasonCode.MalformedPacket;
        }

        var reader = new WireReader(body);
        if (!reader.TryText(out packet.Topic))
        {
            return ReasonCode.MalformedPacket;
        }

        // [MQTT-2.2.1-3]
        if (packet.Quality != QualityOfService.AtMostOnce && (!reader.TryUInt16(out packet.PacketId) || packet.PacketId == 0))
        {
            return ReasonCode.MalformedPacket;
        }

        if (version == MqttVersion.V5)
        {
            if (!reader.TryVariable(out var length) || !reader.TryTake(length, out packet.Properties))
            {
                return ReasonCode.MalformedPacket;
            }

            if (length > 0 && packet.ReadProperties() is not ReasonCode.Success and var fault)
            {
                return fault;
            }
        }

        packet.Payload = reader.Rest;
        if (packet.Topic.IsEmpty ? packet.TopicAlias == 0 : !TopicText.IsName(packet.Topic))
        {
            return packet.Topic.IsEmpty && version == MqttVersion.V5 ? ReasonCode.ProtocolError : ReasonCode.TopicNameInvalid;
        }

        return ReasonCode.Success;
    }

    private ReasonCode ReadProperties()
    {
        var properties = new PropertyReader(Properties, Allowed);
        while (properties.Next())
        {
            switch (properties.Id)
            {
                case PropertyId.TopicAlias when properties.Number == 0:
                    return ReasonCode.TopicAliasInvalid;
                case PropertyId.PayloadFormatIndicator when properties.Number > 1:
                case PropertyId.ResponseTopic when !TopicText.IsName(properties.Bytes):
                    return ReasonCode.ProtocolError;
                case PropertyId.TopicAlias:
                    TopicAlias = (ushort)properties.Number;
                    HasOwnProperties = true;
                    break;
                case PropertyId.MessageExpiryInterval:
                    ExpirySeconds = properties.Number;
                    HasOwnProperties = true;
                    break;
                default:
                    break;
            }
        }

        return properties.Fault ?? ReasonCode.Success;
    }

    /// <summary>The properties that subscribers get, as they came, written one after the other.</summary>
    /// <param name="destination">At least as long as <see cref="Properties"/>.</param>
    /// <returns>How many bytes were written.</returns>
    public readonly int CopyForeignProperties(Span<byte> destination)
    {
        var written = 0;
        var properties = new PropertyReader(Properties, Allowed);
        while (properties.Next())
        {
            if (properties.Id is not (PropertyId.TopicAlias or PropertyId.MessageExpiryInterval))
            {
                properties.Raw.CopyTo(destination[written..]);
                written += properties.Raw.Length;
            }
        }

        return written;
    }
}
