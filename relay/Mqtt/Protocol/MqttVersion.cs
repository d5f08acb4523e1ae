namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>Protocol versions by their number in CONNECT.</summary>
internal enum MqttVersion : byte
{
    V310 = 3,
    V311 = 4,
    V5 = 5,
}
