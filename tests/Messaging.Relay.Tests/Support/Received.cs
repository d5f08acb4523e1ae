using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Support;

internal readonly record struct Received(string Topic, byte[] Payload, MqttQualityOfServiceLevel Qos);
