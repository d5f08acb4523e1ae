namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>DISCONNECT from a client (MQTT 5 section 3.14).</summary>
internal static class DisconnectPacket
{
    private static readonly ulong Allowed = PropertyReader.Allow(PropertyId.SessionExpiryInterval, PropertyId.ReasonString, PropertyId.UserProperty);

    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Of the protocol.</param>
    /// <param name="reason">What the client says; <see cref="ReasonCode.Success"/>: its will is not wanted.</param>
    /// <param name="sessionExpirySeconds">Null: as it was.</param>
    public static ReasonCode TryRead(ReadOnlySpan<byte> body, MqttVersion version, out ReasonCode reason, out uint? sessionExpirySeconds)
    {
        reason = ReasonCode.Success;
        sessionExpirySeconds = null;
        if (body.IsEmpty)
        {
            return ReasonCode.Success;
        }

        var reader = new WireReader(body);
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
            if (properties.Id == PropertyId.SessionExpiryInterval)
            {
                sessionExpirySeconds = properties.Number;
            }
        }

        return properties.Fault ?? ReasonCode.Success;
    }
}
