using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>What is to be published when the client is gone (MQTT 5 section 3.1.3.2).</summary>
internal sealed class WillMessage
{
    private static readonly ulong Allowed = PropertyReader.Allow(
        PropertyId.WillDelayInterval,
        PropertyId.PayloadFormatIndicator,
        PropertyId.MessageExpiryInterval,
        PropertyId.ContentType,
        PropertyId.ResponseTopic,
        PropertyId.CorrelationData,
        PropertyId.UserProperty);

    public required byte[] Topic { get; init; }

    public required byte[] Payload { get; init; }

    public required QualityOfService Quality { get; init; }

    public required bool IsRetained { get; init; }

    /// <summary>Properties that its subscribers get, as they came.</summary>
    public byte[] Properties { get; private set; } = [];

    /// <summary>Null: it does not expire.</summary>
    public uint? ExpirySeconds { get; private set; }

    /// <summary>Seconds between the end of the connection and the publication.</summary>
    public uint DelaySeconds { get; private set; }

    public static ReasonCode TryRead(ref WireReader reader, MqttVersion version, QualityOfService quality, bool isRetained, out WillMessage? will)
    {
        will = null;
        ReadOnlySpan<byte> raw = default;
        if (version == MqttVersion.V5 && (!reader.TryVariable(out var length) || !reader.TryTake(length, out raw)))
        {
            return ReasonCode.MalformedPacket;
        }

        if (!reader.TryText(out var topic) || !reader.TryBinary(out var payload))
        {
            return ReasonCode.MalformedPacket;
        }

        if (!TopicText.IsName(topic))
        {
            return ReasonCode.TopicNameInvalid;
        }

        will = new WillMessage { Topic = topic.ToArray(), Payload = payload.ToArray(), Quality = quality, IsRetained = isRetained };
        return will.ReadProperties(raw);
    }

    private ReasonCode ReadProperties(ReadOnlySpan<byte> raw)
    {
        using var kept = new MemoryStream();
        var properties = new PropertyReader(raw, Allowed);
        while (properties.Next())
        {
            switch (properties.Id)
            {
                case PropertyId.WillDelayInterval:
                    DelaySeconds = properties.Number;
                    continue;
                case PropertyId.MessageExpiryInterval:
                    ExpirySeconds = properties.Number;
                    continue;
                case PropertyId.PayloadFormatIndicator when properties.Number > 1:
                    return ReasonCode.ProtocolError;
                case PropertyId.ResponseTopic when !TopicText.IsName(properties.Bytes):
                    return ReasonCode.ProtocolError;
                default:
                    kept.Write(properties.Raw);
                    continue;
            }
        }

        Properties = kept.ToArray();
        return properties.Fault ?? ReasonCode.Success;
    }
}
