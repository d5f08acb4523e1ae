using System.Buffers;
using System.IO.Compression;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Telemetry;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>Turns batches into rows. Gives the reason when a batch is not what it says.</summary>
internal sealed class TelemetryDecoder(IDeviceDirectory devices, RejectionCounter rejections)
{
    private const int MaxContentBytes = 4 * 1024 * 1024;
    private const string SecurityPrefix = "security.";

    public string? Metrics(OpenedRecord record, IngestGroup group)
    {
        if (!MetricBatch.TryDecode(record.Plaintext, out var batch))
        {
            return WhyNot(record.Plaintext);
        }

        var start = NoteUptime(record, batch.BootId, batch.MonoMs);
        foreach (var series in batch.Series)
        {
            // NULL in SQLite and nothing in JSON: a value that is no number is no value.
            var points = series.Points.Where(point => double.IsFinite(point.Value))
                .Select(point => new StoredPoint(DeviceClock.Clamp(batch.WallUnixMsAt(point.MonoMs) ?? (start + point.MonoMs)), point.Value))
                .ToList();
            if (points.Count > 0)
            {
                group.Rows.Points.Add(new SeriesPoints(
                    record.Device, Text(series.Name), Text(series.Unit), (int)series.Kind, AttributesJson.Of(series.Attributes), points));
            }
        }

        return null;
    }

    public string? Logs(OpenedRecord record, IngestGroup group)
    {
        if (!LogBatch.TryDecode(record.Plaintext, out var batch))
        {
            return WhyNot(record.Plaintext);
        }

        var start = NoteUptime(record, batch.BootId, batch.MonoMs);
        var receivedAt = record.ReceivedAt.ToUnixTimeMilliseconds();
        foreach (var entry in batch.Entries)
        {
            group.Rows.Logs.Add(new LogRow(
                record.Device, DeviceClock.Clamp(Time(entry)), receivedAt, entry.Severity, Text(entry.Source.Name), Text(entry.Body),
                AttributesJson.Of(entry.Attributes)));
        }

        return null;

        long Time(LogEntry entry) => batch.EarlierBoots is null ? entry.Ms
            : entry.Boot == 0 ? (batch.WallUnixMs - batch.MonoMs ?? start) + entry.Ms
            : batch.EarlierBoots[entry.Boot - 1] is { WallUnixMs: { } wall, MonoMs: var mono } ? wall - (mono - entry.Ms)
            : receivedAt;
    }

    public string? Events(OpenedRecord record, IngestGroup group)
    {
        if (!EventBatch.TryDecode(record.Plaintext, out var batch))
        {
            return WhyNot(record.Plaintext);
        }

        var receivedAt = record.ReceivedAt.ToUnixTimeMilliseconds();
        long? start = batch.Closed is { } closed ? closed.WallUnixMs - closed.MonoMs ?? NoteUptime(record, closed.BootId, closed.MonoMs) : null;
        foreach (var entry in batch.Events)
        {
            var time = DeviceClock.Clamp(entry.Ms + (start ?? 0) ?? receivedAt);
            group.Rows.Events.Add(new EventRow(
                record.Device, time, receivedAt, Text(entry.Name), entry.Severity, AttributesJson.Of(entry.Attributes)));
            if (entry.Name.StartsWith(SecurityPrefix, StringComparison.Ordinal))
            {
                CountSecurity(record.Device, entry, time, group);
            }
        }

        return null;
    }

    /// <summary>A text with NUL would end early for whoever reads the database with another tool.</summary>
    private static string Text(string text) => text.Replace('\0', '\uFFFD');

    private static string WhyNot(ReadOnlySpan<byte> batch) =>
        IsBomb(batch) ? RejectionReason.DecompressionBomb : RejectionReason.Undecodable;

    private static bool IsBomb(ReadOnlySpan<byte> batch)
    {
        if (batch.Length < 2 || batch[0] != 1)
        {
            return false;
        }

        using var decoder = new BrotliDecoder();
        var scratch = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var body = batch[1..];
            long length = 0;
            OperationStatus status;
            do
            {
                status = decoder.Decompress(body, scratch, out var consumed, out var written);
                body = body[consumed..];
                length += written;
            }
            while (status == OperationStatus.DestinationTooSmall && length <= MaxContentBytes);

            return length > MaxContentBytes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>The device's own refusals: "security.tampered", or any "security." event with the attributes reason and count.</summary>
    private void CountSecurity(PrincipalId device, DeviceEvent entry, long time, IngestGroup group)
    {
        var attributes = entry.Attributes;
        var reason = attributes.FirstOrDefault(pair => pair.Key == "reason").Value ?? entry.Name[SecurityPrefix.Length..];
        var count = long.TryParse(attributes.FirstOrDefault(pair => pair.Key == "count").Value, out var number) ? Math.Clamp(number, 1, 1_000_000) : 1;
        group.AfterCommit.Add(() => rejections.CountOfDevice(device, Text(reason), count, time));
    }

    private long NoteUptime(OpenedRecord record, BootId boot, long monoMs)
    {
        devices.ChangePresence(record.Device, presence => presence.Boot is { } known && monoMs >= 0
            ? presence with { Boot = known.Refine(boot, (ulong)monoMs, record.ReceivedAt) }
            : presence);
        return DeviceClock.BootStart(record.Sender, boot, monoMs, record.ReceivedAt);
    }
}
