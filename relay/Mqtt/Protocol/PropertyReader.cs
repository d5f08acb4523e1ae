namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>Goes through a packet's properties (MQTT 5 section 2.2.2), and lets none pass that the packet must not have, or has twice.</summary>
/// <param name="properties">The properties without their length.</param>
/// <param name="allowed">A bit for each identifier that the packet may have.</param>
internal ref struct PropertyReader(ReadOnlySpan<byte> properties, ulong allowed)
{
    private WireReader _reader = new(properties);
    private ulong _seen;

    /// <summary>Of the property that was read last.</summary>
    public PropertyId Id { get; private set; }

    /// <summary>The value of one that is a number.</summary>
    public uint Number { get; private set; }

    /// <summary>The value of one that is a text or bytes; of a user property its name.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Identifier and value of the property that was read last, as they came.</summary>
    public ReadOnlySpan<byte> Raw { get; private set; }

    /// <summary>False at the end, and when what follows is wrong: <see cref="Fault"/> says.</summary>
    public bool Next()
    {
        if (Fault is not null || _reader.AtEnd)
        {
            return false;
        }

        var before = _reader.Rest;
        if (!_reader.TryVariable(out var id) || id > 63)
        {
            Fault = ReasonCode.MalformedPacket;
            return false;
        }

        var bit = 1UL << (int)id;
        Id = (PropertyId)id;
        if ((allowed & bit) == 0 || ((_seen & bit) != 0 && Id is not (PropertyId.UserProperty or PropertyId.SubscriptionIdentifier)))
        {
            Fault = ReasonCode.ProtocolError;
            return false;
        }

        _seen |= bit;
        if (!TryValue())
        {
            Fault = ReasonCode.MalformedPacket;
            return false;
        }

        Raw = before[..(before.Length - _reader.Rest.Length)];
        return true;
    }

    /// <summary>Why it stopped before the end.</summary>
    public ReasonCode? Fault { get; private set; }

    /// <summary>The bits of identifiers.</summary>
    public static ulong Allow(params ReadOnlySpan<PropertyId> ids)
    {
        var bits = 0UL;
        foreach (var id in ids)
        {
            bits |= 1UL << (int)id;
        }

        return bits;
    }

    private bool TryValue()
    {
        Bytes = default;
        Number = 0;
        switch (Id)
        {
            case PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation:
                var isThere = _reader.TryByte(out var one);
                Number = one;
                return isThere;
            case PropertyId.ReceiveMaximum or PropertyId.TopicAliasMaximum or PropertyId.TopicAlias:
                isThere = _reader.TryUInt16(out var two);
                Number = two;
                return isThere;
            case PropertyId.MessageExpiryInterval or PropertyId.SessionExpiryInterval or PropertyId.WillDelayInterval or PropertyId.MaximumPacketSize:
                isThere = _reader.TryUInt32(out var four);
                Number = four;
                return isThere;
            case PropertyId.SubscriptionIdentifier:
                isThere = _reader.TryVariable(out var variable);
                Number = variable;
                return isThere;
            case PropertyId.CorrelationData or PropertyId.AuthenticationData:
                isThere = _reader.TryBinary(out var bytes);
                Bytes = bytes;
                return isThere;
            case PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.AuthenticationMethod or PropertyId.ReasonString or PropertyId.ServerReference:
                isThere = _reader.TryText(out var text);
                Bytes = text;
                return isThere;
            case PropertyId.UserProperty:
                isThere = _reader.TryText(out var name);
                Bytes = name;
                return isThere && _reader.TryText(out _);
            default:
                return false;
        }
    }
}
