namespace Messaging.Relay.Users;

/// <summary>A user of the generic MQTT namespace: a program, or many devices that share a name.</summary>
/// <param name="Name">As the client sends it in CONNECT.</param>
/// <param name="Password">Its password, hashed.</param>
/// <param name="Publish">Filters of the topics that it may publish to; <c>%u</c> is its name, <c>%c</c> the client id.</param>
/// <param name="Subscribe">Filters that it may subscribe, and whatever they cover.</param>
public sealed record MqttUser(string Name, MqttPassword Password, IReadOnlyList<string> Publish, IReadOnlyList<string> Subscribe);
