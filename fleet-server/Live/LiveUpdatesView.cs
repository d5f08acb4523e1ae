namespace Messaging.FleetServer.Live;

/// <summary>Updates of devices are further: read what is shown of them again.</summary>
internal sealed record LiveUpdatesView;
