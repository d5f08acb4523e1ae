using System.Globalization;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Clocks;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>An event of a device as the API shows it.</summary>
/// <param name="TimeQuality"><c>exact</c>, <c>anchored</c>, <c>estimated</c> or <c>unplaced</c>: then the time is that of arrival.</param>
internal sealed record EventView(
    string Id, DateTimeOffset Time, DateTimeOffset ReceivedAt, string Name, int Severity, string? SeverityText, RawJson Attributes, string TimeQuality)
{
    public static EventView Of(StoredEvent stored) => new(
        stored.Id.ToString(CultureInfo.InvariantCulture),
        DateTimeOffset.FromUnixTimeMilliseconds(stored.Time),
        DateTimeOffset.FromUnixTimeMilliseconds(stored.ReceivedAt),
        stored.Name,
        stored.Severity,
        SeverityWords.Word(stored.Severity),
        new RawJson(stored.AttributesJson),
        stored.Quality.Word());
}
