namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>SUBSCRIBE and UNSUBSCRIBE (MQTT 5 sections 3.8 and 3.10), as they lie in what was received.</summary>
internal ref struct SubscribePacket
{
    private static readonly ulong AllowedOfSubscribe = PropertyReader.Allow(PropertyId.SubscriptionIdentifier, PropertyId.UserProperty);
    private static readonly ulong AllowedOfUnsubscribe = PropertyReader.Allow(PropertyId.UserProperty);

    public ushort PacketId;

    /// <summary>0: none.</summary>
    public uint SubscriptionId;

    private WireReader _reader;
    private bool _isSubscribe;
    private MqttVersion _version;

    /// <summary>Reads what comes before the filters.</summary>
    public static ReasonCode TryRead(ReadOnlySpan<byte> body, MqttVersion version, bool isSubscribe, out SubscribePacket packet)
    {
        packet = new SubscribePacket { _reader = new WireReader(body), _isSubscribe = isSubscribe, _version = version };
        if (!packet._reader.TryUInt16(out packet.PacketId) || packet.PacketId == 0)
        {
            return ReasonCode.MalformedPacket;
        }

        if (version == MqttVersion.V5)
        {
            if (!packet._reader.TryVariable(out var length) || !packet._reader.TryTake(length, out var raw))
            {
                return ReasonCode.MalformedPacket;
            }

            var properties = new PropertyReader(raw, isSubscribe ? AllowedOfSubscribe : AllowedOfUnsubscribe);
            while (properties.Next())
            {
                if (properties.Id != PropertyId.SubscriptionIdentifier)
                {
                    continue;
                }

                if (properties.Number == 0 || packet.SubscriptionId != 0)
                {
                    return ReasonCode.ProtocolError;
                }

                packet.SubscriptionId = properties.Number;
            }

            if (properties.Fault is { } fault)
            {
                return fault;
            }
        }

        // [MQTT-3.8.3-2], [MQTT-3.10.3-2]
        return packet._reader.AtEnd ? ReasonCode.ProtocolError : ReasonCode.Success;
    }

    /// <summary>Reads the next filter; false at the end. A fault leaves the rest unread.</summary>
    public bool Next(out ReadOnlySpan<byte> filter, out SubscribeOptions options, out ReasonCode fault)
    {
        options = default;
        fault = ReasonCode.Success;
        filter = default;
        if (_reader.AtEnd)
        {
            return false;
        }

        byte bits = 0;
        if (!_reader.TryText(out filter) || (_isSubscribe && !_reader.TryByte(out bits)))
        {
            fault = ReasonCode.MalformedPacket;
            return false;
        }

        if (_isSubscribe && !SubscribeOptions.TryRead(bits, _version, out options))
        {
            fault = _version == MqttVersion.V5 && (bits & 0xC0) == 0 ? ReasonCode.ProtocolError : ReasonCode.MalformedPacket;
            return false;
        }

        return true;
    }
}
