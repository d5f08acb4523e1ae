using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Wire;

namespace Messaging.Relay.Channels.Mqtt;

/// <summary>What clients of channels are told, and how refusals are called in MQTT.</summary>
internal static class ChannelTerms
{
    /// <summary>Subscriptions of one connection, at most.</summary>
    public const int MaxSubscriptions = 8;

    /// <summary>Bytes of a packet: a record, its topic, and properties that nobody keeps.</summary>
    public const int MaxPacketBytes = ChannelRecord.MaxBytes + 4096;

    /// <summary>What CONNACK says (MQTT 5 section 3.2.2.3).</summary>
    public static readonly BrokerOptions ConnAck = new()
    {
        MaxPacketBytes = MaxPacketBytes,
        ReceiveMaximum = ChannelSocket.MaxAppends,
        TopicAliasMaximum = 0,
        IsRetainAvailable = false,
        IsSharedSubscriptionAvailable = false,
    };

    /// <summary>Why a record was not taken (MQTT 5 section 3.4.2.1).</summary>
    public static ReasonCode Of(AppendStatus status) => status switch
    {
        AppendStatus.Durable => ReasonCode.Success,
        AppendStatus.TooLarge or AppendStatus.QuotaExceeded or AppendStatus.ShareExceeded or AppendStatus.DiskFull or AppendStatus.Busy => ReasonCode.QuotaExceeded,
        AppendStatus.Gone => ReasonCode.NotAuthorized,
        _ => ReasonCode.UnspecifiedError,
    };
}
