namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>CONNECT (MQTT 5 section 3.1; MQTT 3.1.1 section 3.1).</summary>
internal sealed class ConnectPacket
{
    private static readonly ulong Allowed = PropertyReader.Allow(
        PropertyId.SessionExpiryInterval,
        PropertyId.ReceiveMaximum,
        PropertyId.MaximumPacketSize,
        PropertyId.TopicAliasMaximum,
        PropertyId.RequestResponseInformation,
        PropertyId.RequestProblemInformation,
        PropertyId.UserProperty,
        PropertyId.AuthenticationMethod,
        PropertyId.AuthenticationData);

    public MqttVersion Version { get; private set; }

    public bool IsCleanStart { get; private set; }

    /// <summary>Seconds; 0: none is asked for.</summary>
    public ushort KeepAlive { get; private set; }

    /// <summary>Empty: the server is to choose one.</summary>
    public byte[] ClientId { get; private set; } = [];

    public WillMessage? Will { get; private set; }

    /// <summary>Null: there is none.</summary>
    public byte[]? UserName { get; private set; }

    /// <summary>Null: there is none.</summary>
    public byte[]? Password { get; private set; }

    /// <summary>Seconds that the session outlives its connection; the largest number: for ever. Of MQTT 3, for ever unless it starts clean.</summary>
    public uint SessionExpirySeconds { get; private set; }

    /// <summary>Messages of QoS 1 and 2 that the client takes before it acknowledges the first.</summary>
    public ushort ReceiveMaximum { get; private set; } = ushort.MaxValue;

    /// <summary>Bytes of the largest packet that the client takes.</summary>
    public uint MaximumPacketSize { get; private set; } = uint.MaxValue;

    /// <summary>Whether reasons may be explained in words.</summary>
    public bool WantsProblemInformation { get; private set; } = true;

    /// <summary>Null: the client authenticates by name and password, or not at all.</summary>
    public byte[]? AuthenticationMethod { get; private set; }

    /// <summary>Reads the packet without its fixed header.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="packet">What was read; where a fault is answered, at least the version as far as it is known.</param>
    /// <returns>Success, or what is wrong.</returns>
    public static ReasonCode TryRead(ReadOnlySpan<byte> body, out ConnectPacket packet)
    {
        packet = new ConnectPacket();
        var reader = new WireReader(body);
        if (!reader.TryText(out var protocol) || !reader.TryByte(out var version))
        {
            return ReasonCode.MalformedPacket;
        }

        var isKnown = protocol.SequenceEqual("MQTT"u8) ? version is 4 or 5 : protocol.SequenceEqual("MQIsdp"u8) && version == 3;
        if (!isKnown)
        {
            packet.Version = version >= 5 ? MqttVersion.V5 : MqttVersion.V311;
            return ReasonCode.UnsupportedProtocolVersion;
        }

        packet.Version = (MqttVersion)version;
        return packet.ReadRest(ref reader);
    }

    private ReasonCode ReadRest(ref WireReader reader)
    {
        var is5 = Version == MqttVersion.V5;
        if (!reader.TryByte(out var flags) || (flags & 1) != 0 || !reader.TryUInt16(out var keepAlive))
        {
            return ReasonCode.MalformedPacket;
        }

        KeepAlive = keepAlive;
        IsCleanStart = (flags & 2) != 0;
        SessionExpirySeconds = is5 || IsCleanStart ? 0 : uint.MaxValue;
        if (is5 && ReadProperties(ref reader) is not ReasonCode.Success and var wrong)
        {
            return wrong;
        }

        if (!reader.TryText(out var clientId))
        {
            return ReasonCode.MalformedPacket;
        }

        ClientId = clientId.ToArray();
        if (ReadWill(ref reader, flags) is not ReasonCode.Success and var badWill)
        {
            return badWill;
        }

        return ReadCredentials(ref reader, flags);
    }

    private ReasonCode ReadProperties(ref WireReader reader)
    {
        if (!reader.TryVariable(out var length) || !reader.TryTake(length, out var raw))
        {
            return ReasonCode.MalformedPacket;
        }

        var hasData = false;
        var properties = new PropertyReader(raw, Allowed);
        while (properties.Next())
        {
            switch (properties.Id)
            {
                case PropertyId.SessionExpiryInterval:
                    SessionExpirySeconds = properties.Number;
                    break;
                case PropertyId.ReceiveMaximum when properties.Number == 0:
                case PropertyId.MaximumPacketSize when properties.Number == 0:
                case PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation when properties.Number > 1:
                    return ReasonCode.ProtocolError;
                case PropertyId.ReceiveMaximum:
                    ReceiveMaximum = (ushort)properties.Number;
                    break;
                case PropertyId.MaximumPacketSize:
                    MaximumPacketSize = properties.Number;
                    break;
                case PropertyId.RequestProblemInformation:
                    WantsProblemInformation = properties.Number == 1;
                    break;
                case PropertyId.AuthenticationMethod:
                    AuthenticationMethod = properties.Bytes.ToArray();
                    break;
                case PropertyId.AuthenticationData:
                    hasData = true;
                    break;
                default:
                    break;
            }
        }

        return properties.Fault ?? (hasData && AuthenticationMethod is null ? ReasonCode.ProtocolError : ReasonCode.Success);
    }

    private ReasonCode ReadWill(ref WireReader reader, byte flags)
    {
        var qos = (flags >> 3) & 3;
        var isRetained = (flags & 0x20) != 0;
        if ((flags & 4) == 0)
        {
            // [MQTT-3.1.2-11], [MQTT-3.1.2-13]
            return qos == 0 && !isRetained ? ReasonCode.Success : ReasonCode.MalformedPacket;
        }

        if (qos == 3)
        {
            return ReasonCode.MalformedPacket;
        }

        var fault = WillMessage.TryRead(ref reader, Version, (QualityOfService)qos, isRetained, out var will);
        Will = will;
        return fault;
    }

    private ReasonCode ReadCredentials(ref WireReader reader, byte flags)
    {
        var (hasName, hasPassword) = ((flags & 0x80) != 0, (flags & 0x40) != 0);

        // [MQTT-3.1.2-22] of MQTT 3.1.1; MQTT 5 allows a password alone.
        if (hasPassword && !hasName && Version != MqttVersion.V5)
        {
            return ReasonCode.MalformedPacket;
        }

        if (hasName)
        {
            if (!reader.TryText(out var name))
            {
                return ReasonCode.MalformedPacket;
            }

            UserName = name.ToArray();
        }

        if (hasPassword)
        {
            if (!reader.TryBinary(out var password))
            {
                return ReasonCode.MalformedPacket;
            }

            Password = password.ToArray();
        }

        return reader.AtEnd ? ReasonCode.Success : ReasonCode.MalformedPacket;
    }
}
