using System.Net;

namespace Messaging.Relay.Mqtt.Connections;

/// <summary>Whence a connection comes, for operators.</summary>
/// <param name="Remote">The peer, if it has an address.</param>
/// <param name="Carriers">What MQTT travels in, as it follows the version's name: "+tls+ws", say; empty for plain TCP.</param>
internal sealed record ConnectionOrigin(EndPoint? Remote, string Carriers);
