using System.Globalization;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>A log line as the API shows it.</summary>
/// <param name="TimeQuality"><c>exact</c>, <c>anchored</c>, <c>estimated</c> or <c>unplaced</c>: then the time is that of arrival.</param>
/// <param name="Severity">OpenTelemetry's SeverityNumber; 0 when the source does not tell.</param>
internal sealed record LogView(
    string Id, DateTimeOffset Time, DateTimeOffset ReceivedAt, int Severity, string? SeverityText, string Source, string Body, RawJson Attributes, string TimeQuality)
{
    public static LogView Of(StoredLog line) => new(
        line.Id.ToString(CultureInfo.InvariantCulture),
        DateTimeOffset.FromUnixTimeMilliseconds(line.Time),
        DateTimeOffset.FromUnixTimeMilliseconds(line.ReceivedAt),
        line.Severity,
        SeverityWords.Word(line.Severity),
        line.Source,
        line.Body,
        new RawJson(line.AttributesJson),
        line.Quality.Word());
}
