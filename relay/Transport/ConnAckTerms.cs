using System.Text;
using Messaging.Wire;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Transport;

/// <summary>What the CONNACK of MQTT 5 tells the client about this relay (section 3.2.2.3).</summary>
internal static class ConnAckTerms
{
    public static void Apply(MqttConnAckPacket packet, RelayOptions options, bool isControl, ushort serverKeepAlive)
    {
        packet.MaximumQoS = MqttQualityOfServiceLevel.AtLeastOnce;
        packet.RetainAvailable = false;
        packet.WildcardSubscriptionAvailable = isControl;
        packet.SubscriptionIdentifiersAvailable = false;
        packet.SharedSubscriptionAvailable = false;
        packet.TopicAliasMaximum = 0;
        packet.MaximumPacketSize = (uint)options.MaxPacketBytes;
        packet.SessionExpiryInterval = 0;
        packet.IsSessionPresent = false;
        packet.ServerKeepAlive = serverKeepAlive;
    }

    /// <summary>When a client that is refused may come back.</summary>
    public static List<MqttUserProperty> ReturnAfter(TimeSpan time) =>
        [new MqttUserProperty(RetryAfter.Property, Encoding.ASCII.GetBytes(RetryAfter.Write(time)))];
}
