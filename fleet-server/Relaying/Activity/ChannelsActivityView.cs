namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>Channels.</summary>
/// <param name="Followers">Connections and requests that follow a channel.</param>
/// <param name="MqttConnections">Connections that have one open over MQTT.</param>
/// <param name="IsFaulty">Nothing can be stored: the disk is full, or failed.</param>
internal sealed record ChannelsActivityView(
    int Count, int MaxCount, long Bytes, long MaxBytes, long Followers, int MqttConnections, bool IsFaulty, CountersView Counters);
