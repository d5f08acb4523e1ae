namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>What the relay does, drops and refuses. Of topics, payloads and people there is nothing in it.</summary>
/// <param name="RecentSeconds">How long "recent" is: a minute, or less after a start.</param>
/// <param name="Elsewhere">The relay is another process; null: it is this one.</param>
/// <param name="Mqtt">Null: it is elsewhere, or off.</param>
/// <param name="Channels">Null: they are elsewhere, or off.</param>
/// <param name="Legacy">Null: it is elsewhere, or off.</param>
internal sealed record RelayActivityView(
    DateTimeOffset Time,
    double RecentSeconds,
    ElsewhereView? Elsewhere,
    FleetActivityView Fleet,
    MqttActivityView? Mqtt,
    ChannelsActivityView? Channels,
    LegacyActivityView? Legacy);
