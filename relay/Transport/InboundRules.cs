using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Transport;

/// <summary>
/// What a client may send when, apart from topics. These are the terms that the CONNACK announces (QoS 1 at most, nothing
/// retained, no topic aliases, no subscription identifiers), which the stock broker announces and accepts without limit:
/// an alias table alone would let one client hold gigabytes.
/// </summary>
internal static class InboundRules
{
    /// <summary>The DISCONNECT reason for a packet that is not allowed here, or null when it is.</summary>
    public static MqttDisconnectReasonCode? Violation(MqttPacket packet, ChannelPhase phase) => phase switch
    {
        ChannelPhase.AwaitingConnect => packet is MqttConnectPacket ? null : MqttDisconnectReasonCode.ProtocolError,
        ChannelPhase.Authenticating => packet is MqttAuthPacket { ReasonCode: MqttAuthenticateReasonCode.ContinueAuthentication } or MqttDisconnectPacket
            ? null
            : MqttDisconnectReasonCode.ProtocolError,
        _ => packet switch
        {
            MqttPublishPacket publish => Violation(publish),
            MqttSubscribePacket subscribe => Violation(subscribe),
            MqttPubAckPacket or MqttUnsubscribePacket or MqttPingReqPacket or MqttDisconnectPacket => null,
            // Keys are proven once, at the start; a changed key is a new connection.
            MqttAuthPacket => MqttDisconnectReasonCode.NotAuthorized,
            _ => MqttDisconnectReasonCode.ProtocolError,
        },
    };

    private static MqttDisconnectReasonCode? Violation(MqttPublishPacket publish) => publish switch
    {
        { QualityOfServiceLevel: > MqttQualityOfServiceLevel.AtLeastOnce } => MqttDisconnectReasonCode.QoSNotSupported,
        { Retain: true } => MqttDisconnectReasonCode.RetainNotSupported,
        { TopicAlias: not 0 } => MqttDisconnectReasonCode.TopicAliasInvalid,
        { QualityOfServiceLevel: MqttQualityOfServiceLevel.AtLeastOnce, PacketIdentifier: 0 } => MqttDisconnectReasonCode.ProtocolError,
        { Topic: null or "" } => MqttDisconnectReasonCode.ProtocolError,
        _ => null,
    };

    private static MqttDisconnectReasonCode? Violation(MqttSubscribePacket subscribe) => subscribe switch
    {
        { SubscriptionIdentifier: not 0 } => MqttDisconnectReasonCode.SubscriptionIdentifiersNotSupported,
        { PacketIdentifier: 0 } or { TopicFilters: null or { Count: 0 } } => MqttDisconnectReasonCode.ProtocolError,
        _ => null,
    };
}
