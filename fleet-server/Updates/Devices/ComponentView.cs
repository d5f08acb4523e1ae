namespace Messaging.FleetServer.Updates.Devices;

/// <summary>What a device has, as it has signed.</summary>
/// <param name="Counter">Of the release: a device installs none that is not above it.</param>
/// <param name="Sha256">Of the content.</param>
/// <param name="Since">When it was installed.</param>
/// <param name="CommandId">The update that brought it.</param>
internal sealed record ComponentView(string Name, string Kind, string Version, long Counter, string Sha256, DateTimeOffset Since, string CommandId)
{
    public static ComponentView Of(ComponentRow row) => new(row.Name, row.Kind, row.Version, row.Counter, row.Sha256, row.Since, row.CommandId);
}
