using System.Globalization;

namespace Messaging.FleetServer.Audit.Findings;

/// <summary>A finding as the API shows it.</summary>
/// <param name="Kind">One of <see cref="FindingKind"/>.</param>
/// <param name="DeviceId">Null when it is about the server's log.</param>
internal sealed record FindingView(
    string Id, string Kind, string? DeviceId, string Subject, string Details, DateTimeOffset FoundAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy)
{
    public static FindingView Of(FindingRow row) => new(
        row.Id.ToString(CultureInfo.InvariantCulture),
        row.Kind,
        row.DeviceId.Length == 0 ? null : row.DeviceId,
        row.Subject,
        row.Details,
        row.FoundAt,
        row.AcknowledgedAt,
        row.AcknowledgedBy);
}
