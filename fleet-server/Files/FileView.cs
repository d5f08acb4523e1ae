using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Files;

/// <summary>A file of a device as the API shows it.</summary>
/// <param name="Time">When the device took it, by its clock.</param>
/// <param name="State">receiving, verifying, complete, incomplete, expired.</param>
/// <param name="Reason">Why it is incomplete or expired; empty otherwise.</param>
internal sealed record FileView(
    string Id,
    string DeviceId,
    string Name,
    string MediaType,
    long Size,
    long ReceivedBytes,
    string Sha256,
    string State,
    string Reason,
    DateTimeOffset Time,
    DateTimeOffset ReceivedAt,
    DateTimeOffset ChangedAt,
    RawJson Attributes)
{
    public static FileView Of(FileRow row) => new(
        row.Transfer.ToString(),
        row.Device.ToString(),
        row.Name,
        row.MediaType,
        row.Size,
        row.ReceivedBytes,
        Convert.ToHexStringLower(row.Sha256),
        Word(row.State),
        row.Reason,
        DateTimeOffset.FromUnixTimeMilliseconds(row.Time),
        DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAt),
        DateTimeOffset.FromUnixTimeMilliseconds(row.ChangedAt),
        new RawJson(row.AttributesJson));

    private static string Word(FileState state) => state switch
    {
        FileState.Receiving => "receiving",
        FileState.Verifying => "verifying",
        FileState.Complete => "complete",
        FileState.Incomplete => "incomplete",
        FileState.Expired => "expired",
        _ => "deleted",
    };
}
