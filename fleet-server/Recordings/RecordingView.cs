using System.Text.Json;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Files;
using Messaging.Recordings;

namespace Messaging.FleetServer.Recordings;

/// <summary>A recording of a shell as the API shows it; sealed, for the keys that the policy named.</summary>
/// <param name="Id">The command that opened the shell.</param>
/// <param name="Actor">Who created the command; null when it is not kept any more.</param>
/// <param name="SignedBy">The principal of the roster that has signed it.</param>
/// <param name="StartedAt">By the device's clock.</param>
/// <param name="LastedMs">Null when it was broken off.</param>
/// <param name="Ended">complete, or broken-off: the device went down, or could not go on.</param>
/// <param name="State">receiving, verifying, complete, incomplete, expired: how far it is here.</param>
internal sealed record RecordingView(
    string Id,
    string DeviceId,
    string? DeviceName,
    string? Actor,
    string? SignedBy,
    DateTimeOffset StartedAt,
    long? LastedMs,
    string Ended,
    long Size,
    string Sha256,
    string State,
    string Reason,
    DateTimeOffset ReceivedAt)
{
    public static RecordingView Of(FileRow row, string? deviceName, CommandSnapshot? command)
    {
        using var attributes = JsonDocument.Parse(row.AttributesJson);
        var file = FileView.Of(row);
        return new RecordingView(
            file.Id,
            file.DeviceId,
            deviceName,
            command?.CreatedBy,
            command?.SignedBy,
            file.Time,
            long.TryParse(Attribute(RecordingEnd.LastedKey), out var lasted) ? lasted : null,
            Attribute(RecordingEnd.Key) == RecordingEnd.Complete ? RecordingEnd.Complete : RecordingEnd.BrokenOff,
            file.Size,
            file.Sha256,
            file.State,
            file.Reason,
            file.ReceivedAt);

        string? Attribute(string key) => attributes.RootElement.TryGetProperty(key, out var value) ? value.GetString() : null;
    }
}
