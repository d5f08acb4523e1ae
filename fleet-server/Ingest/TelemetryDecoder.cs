using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Telemetry;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>Turns batches into rows. Gives the reason when a batch is not what it says.</summary>
internal sealed class TelemetryDecoder(IDeviceDirectory devices, SeriesQuestions questions, RejectionCounter rejections, IngestOptions options)
{
    private const long LogUncertaintyMs = 24 * 3_600_000;
    private const string SecurityPrefix = "security.";

    public string? Metrics(OpenedRecord record, IngestGroup group)
    {
        var known = record.Epoch.Series;
        known.NextBatch();
        return SeriesBatch.TryDecode(record.Plaintext, id => known.Find(id)?.Definition, out var batch, out var missing) switch
        {
            SeriesBatchResult.Ok => Series(record, batch!, group),
            SeriesBatchResult.UnknownSeries => questions.Ask(record, missing, group),
            SeriesBatchResult.Redefined => RejectionReason.SeriesRedefined,
            _ => FirstVersion(record, group),
        };
    }

    private string? Series(OpenedRecord record, SeriesBatch batch, IngestGroup group)
    {
        var known = record.Epoch.Series;
        var added = batch.Definitions.Where(entry => entry.Id < SeriesBatch.MaxKept && known.Find(entry.Id) is null).ToList();
        if (added.Count > 0 && record.Sender.Series + added.Count > options.MaxSeriesPerDevice)
        {
            return RejectionReason.TooManySeries;
        }

        added.ForEach(entry => known.Add(entry.Id, entry.Definition, group));
        var dating = Date(record, new BootTime(batch.BootId ?? record.Epoch.Row.BootId, batch.WallUnixMs, batch.MonoMs), group);
        foreach (var column in batch.Columns)
        {
            var series = column.Id < SeriesBatch.MaxKept ? known.Find(column.Id)! : new KnownSeries(column.Definition);
            Add(record, series.Name, series.Unit, (int)column.Definition.Kind, series.AttributesJson, column.Points, dating, group);
        }

        return null;
    }

    private static void Add(
        OpenedRecord record, string name, string unit, int kind, string attributes, IReadOnlyList<MetricPoint> measured, Dating dating, IngestGroup group)
    {
        // NULL in SQLite and nothing in JSON: a value that is no number is no value.
        var points = new List<StoredPoint>(measured.Count);
        foreach (var point in measured)
        {
            if (double.IsFinite(point.Value))
            {
                points.Add(new StoredPoint(
                    dating.Quality == TimeQuality.Unplaced ? point.MonoMs : dating.UnixMs(point.MonoMs), point.Value, dating.Quality));
            }
        }

        if (points.Count > 0)
        {
            group.Rows.Points.Add(new SeriesPoints(record.Device, name, unit, kind, attributes, points)
            {
                Quality = dating.Quality,
                Boot = dating.Quality == TimeQuality.Exact ? null : dating.Timeline,
            });
        }
    }

    private string? FirstVersion(OpenedRecord record, IngestGroup group)
    {
        if (!MetricBatch.TryDecode(record.Plaintext, out var batch))
        {
            return WhyNot(record.Plaintext);
        }

        var dating = Date(record, new BootTime(batch.BootId, batch.WallUnixMs, batch.MonoMs), group);
        foreach (var series in batch.Series)
        {
            Add(
                record, TelemetryText.Of(series.Name), TelemetryText.Of(series.Unit), (int)series.Kind, AttributesJson.Of(series.Attributes), series.Points,
                dating, group);
        }

        return null;
    }

    public string? Logs(OpenedRecord record, IngestGroup group)
    {
        if (!LogBatch.TryDecode(record.Plaintext, out var batch))
        {
            return WhyNot(record.Plaintext);
        }

        var receivedAt = record.ReceivedAt.ToUnixTimeMilliseconds();
        var closed = new BootTime(batch.BootId, batch.WallUnixMs, batch.MonoMs);
        Dating[] datings = [Date(record, closed, group), .. (batch.EarlierBoots ?? []).Select(boot => DateEarlier(record, boot, group))];
        foreach (var entry in batch.Entries)
        {
            // Version 1 says its own clock's time.
            var dating = batch.EarlierBoots is null ? null : datings[entry.Boot];
            var quality = dating?.Quality ?? (batch.WallUnixMs is null ? TimeQuality.Estimated : TimeQuality.Exact);
            group.Rows.Logs.Add(new LogRow(
                record.Device, dating?.UnixMs(entry.Ms) ?? Dating.Clamp(entry.Ms, receivedAt), receivedAt, entry.Severity, TelemetryText.Of(entry.Source.Name),
                TelemetryText.Of(entry.Body), AttributesJson.Of(entry.Attributes), quality)
            {
                Moment = Moment(dating, entry.Ms),
            });
        }

        return null;
    }

    public string? Events(OpenedRecord record, IngestGroup group)
    {
        if (!EventBatch.TryDecode(record.Plaintext, out var batch))
        {
            return WhyNot(record.Plaintext);
        }

        var receivedAt = record.ReceivedAt.ToUnixTimeMilliseconds();
        var dating = batch.Closed is { } closed ? Date(record, closed, group) : null;
        foreach (var entry in batch.Events)
        {
            var quality = dating?.Quality ?? (entry.Ms is null ? TimeQuality.Estimated : TimeQuality.Exact);
            var time = entry.Ms is { } ms ? dating?.UnixMs(ms) ?? Dating.Clamp(ms, receivedAt) : receivedAt;
            group.Rows.Events.Add(new EventRow(
                record.Device, time, receivedAt, TelemetryText.Of(entry.Name), entry.Severity, AttributesJson.Of(entry.Attributes), quality)
            {
                Moment = Moment(dating, entry.Ms ?? 0),
            });
            if (entry.Name.StartsWith(SecurityPrefix, StringComparison.Ordinal))
            {
                CountSecurity(record.Device, entry, time, group);
            }
        }

        return null;
    }

    private static (BootTimeline Boot, long MonoMs)? Moment(Dating? dating, long monoMs) =>
        dating is { Quality: not TimeQuality.Exact, Timeline: { } boot } ? (boot, monoMs) : null;

    /// <summary>A boot before the one that tells of it: what the clock of then says is right or wrong.</summary>
    private static Dating DateEarlier(OpenedRecord record, BootTime last, IngestGroup group)
    {
        var receivedAt = record.ReceivedAt.ToUnixTimeMilliseconds();
        if (record.Sender.Boot(last.BootId) is not { } boot)
        {
            return Dating.Loose(last, receivedAt);
        }

        boot.Note(last.MonoMs, receivedAt);
        if (last.WallUnixMs is { } wall && wall >= Dating.EarliestUnixMs && wall <= receivedAt + Dating.ToleranceMs)
        {
            boot.Add(new Anchor(last.MonoMs, wall, LogUncertaintyMs, AnchorSource.Log));
        }

        return Keep(record, boot, Dating.Of(boot, last.MonoMs, receivedAt), group);
    }

    private static Dating Keep(OpenedRecord record, BootTimeline boot, Dating dating, IngestGroup group)
    {
        if (dating.Quality == TimeQuality.Unplaced)
        {
            (boot.IsPending, boot.IsChanged) = (true, true);
        }

        group.Keep(record.Sender, boot);
        return dating;
    }

    private static string WhyNot(ReadOnlySpan<byte> batch) =>
        DecompressionBomb.Is(batch) ? RejectionReason.DecompressionBomb : RejectionReason.Undecodable;

    /// <summary>The device's own refusals: "security.tampered", or any "security." event with the attributes reason and count.</summary>
    private void CountSecurity(PrincipalId device, DeviceEvent entry, long time, IngestGroup group)
    {
        var attributes = entry.Attributes;
        var reason = attributes.FirstOrDefault(pair => pair.Key == "reason").Value ?? entry.Name[SecurityPrefix.Length..];
        var count = long.TryParse(attributes.FirstOrDefault(pair => pair.Key == "count").Value, out var number) ? Math.Clamp(number, 1, 1_000_000) : 1;
        group.Rows.Rejections.Add(rejections.OfDevice(device, TelemetryText.Of(reason), count, time));
    }

    private Dating Date(OpenedRecord record, BootTime closed, IngestGroup group)
    {
        devices.ChangePresence(record.Device, presence => presence.Boot is { } known
            ? presence with { Boot = known.Refine(closed.BootId, (ulong)closed.MonoMs, record.ReceivedAt) }
            : presence);
        var receivedAt = record.ReceivedAt.ToUnixTimeMilliseconds();
        return record.Sender.Boot(closed.BootId) is { } boot
            ? Keep(record, boot, Dating.Of(boot, closed, receivedAt), group)
            : Dating.Loose(closed, receivedAt);
    }
}
