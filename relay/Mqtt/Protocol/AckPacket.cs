namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (MQTT 5 sections 3.4 to 3.7).</summary>
internal static class AckPacket
{
    private static readonly ulong Allowed = PropertyReader.Allow(PropertyId.ReasonString, PropertyId.UserProperty);

    public static ReasonCode TryRead(ReadOnlySpan<byte> body, MqttVersion version, out ushort packetId, out ReasonCode reason)
    {
        reason = ReasonCode.Success;
        var reader = new WireReader(body);
        if (!reader.TryUInt16(out packetId) || packetId == 0)
        {
            return ReasonCode.MalformedPacket;
        }

        if (reader.AtEnd)
        {
            return ReasonCode.Success;
        }

        if (version != MqttVersion.V5 || !reader.TryByte(out var code))
        {
            return ReasonCode.MalformedPacket;
        }

        reason = (ReasonCode)code;
        if (reader.AtEnd)
        {
            return ReasonCode.Success;
        }

        if (!reader.TryVariable(out var length) || !reader.TryTake(length, out var raw) || !reader.AtEnd)
        {
            return ReasonCode.MalformedPacket;
        }

        var properties = new PropertyReader(raw, Allowed);
        while (properties.Next())
        {
            // They say nothing that a broker acts on.
        }

        return properties.Fault ?? ReasonCode.Success;
    }
}
