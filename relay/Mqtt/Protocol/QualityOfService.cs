namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>Quality of service (MQTT 5 section 4.3).</summary>
internal enum QualityOfService : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}
