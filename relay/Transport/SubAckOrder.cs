using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Transport;

/// <summary>
/// The stock broker answers topic filters ordered by QoS instead of in the order of the SUBSCRIBE, so a client that mixes
/// QoS levels would read its codes against the wrong filters ([MQTT-3.8.4-6]). This puts them back.
/// </summary>
internal static class SubAckOrder
{
    /// <summary>For each filter of the packet, where the broker will put its answer; null when the orders are the same.</summary>
    public static int[]? Of(MqttSubscribePacket packet)
    {
        var filters = packet.TopicFilters;
        if (filters.TrueForAll(filter => filter.QualityOfServiceLevel == filters[0].QualityOfServiceLevel))
        {
            return null;
        }

        var answered = Enumerable.Range(0, filters.Count).OrderByDescending(index => filters[index].QualityOfServiceLevel).ToArray();
        var order = new int[filters.Count];
        for (var position = 0; position < answered.Length; position++)
        {
            order[answered[position]] = position;
        }

        return order;
    }

    /// <summary>Reorders the codes of the answer.</summary>
    public static void Restore(MqttSubAckPacket answer, int[] order)
    {
        var codes = answer.ReasonCodes;
        answer.ReasonCodes = order.Length == codes.Count
            ? [.. order.Select(position => codes[position])]
            : [.. codes.Select(_ => MqttSubscribeReasonCode.UnspecifiedError)];
    }
}
