using Messaging.Relay.Mqtt;

namespace Messaging.Relay;

/// <summary>The generic MQTT namespace, for whoever watches over it.</summary>
public sealed class BrokerStatus
{
    private readonly Broker _broker;

    internal BrokerStatus(Broker broker) => _broker = broker;

    /// <summary>Whether the last write to its file failed: the disk is full, or broken.</summary>
    public bool IsFaulty => _broker.Journal.IsFaulty;
}
