using Messaging.Acks;
using Messaging.Commands;
using Messaging.Enrolment;
using Messaging.FleetServer.Audit.Executions;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Downlinks;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>
/// What devices say that belongs in the registry. It is stored there before the record counts as received, so each of these can be
/// applied twice and changes nothing the second time.
/// </summary>
internal sealed class DeviceWords(
    IDeviceDirectory devices, ICommandReports commands, ExecutionReceiver executions, IDownlink downlink, RejectionCounter rejections, TimeProvider time)
{
    public static string? Report(OpenedRecord record, IngestGroup group)
    {
        if (!CommandReport.TryDecode(record.Plaintext, out var report))
        {
            return RejectionReason.Undecodable;
        }

        if (!group.Reports.TryGetValue(record.Device, out var reports))
        {
            group.Reports.Add(record.Device, reports = []);
        }

        reports.Add(report);
        return null;
    }

    /// <summary>Stores what devices said of commands, all at a time: thousands that answer at once share a sync of the disk.</summary>
    public Task StoreReportsAsync(IngestGroup group, CancellationToken cancellationToken) => Task.WhenAll(group.Reports.Select(async entry =>
    {
        for (var unknown = await commands.ApplyAsync(entry.Key, entry.Value, cancellationToken); unknown > 0; unknown--)
        {
            rejections.Count(entry.Key, RejectionReason.UnknownCommand);
        }
    }));

    public async Task<string?> InfoAsync(OpenedRecord record, CancellationToken cancellationToken)
    {
        if (!DeviceInfo.TryDecode(record.Plaintext, out var info))
        {
            return RejectionReason.Undecodable;
        }

        await devices.ChangeAsync(record.Device, device => Describe(device, info), cancellationToken);
        return null;
    }

    public async Task<string?> KeysAsync(OpenedRecord record, IngestGroup group, CancellationToken cancellationToken)
    {
        KeyUpdateReceipt? receipt = null;
        var changed = await devices.ChangeAsync(
            record.Device,
            device =>
            {
                return KeyUpdates.Apply(device, record.Device, record.Plaintext, record.Epoch.Row.EpochNo, out receipt);
            },
            cancellationToken);
        if (receipt is null)
        {
            return RejectionReason.Undecodable;
        }

        if (!receipt.Accepted)
        {
            rejections.Count(record.Device, RejectionReason.KeyUpdateRefused);
        }
        else if (changed is not null)
        {
            await executions.KeepKeysAsync(changed, record.Plaintext, cancellationToken);
        }

        var encoded = receipt.Encode();
        group.Answers.Add(cancellation =>
            downlink.SendAsync(record.Device, StreamId.Control, RecordType.KeyUpdateReceipt, encoded, cancellation));
        return null;
    }

    public string? RequestOpening(OpenedRecord record, IngestGroup group)
    {
        if (!EpochRequest.TryDecode(record.Plaintext, out var request))
        {
            return RejectionReason.Undecodable;
        }

        group.Answers.Add(cancellation => downlink.RepeatOpeningAsync(record.Device, request.Kid, cancellation));
        return null;
    }

    /// <summary>The device wants to know whether anybody is here: an acknowledgement of nothing says it.</summary>
    public string? RequestAck(OpenedRecord record, IngestGroup group)
    {
        if (!AckRequest.TryDecode(record.Plaintext))
        {
            return RejectionReason.Undecodable;
        }

        group.Answers.Add(cancellation => downlink.SendAsync(
            record.Device, StreamId.Control, RecordType.Ack, new AckRecord(time.GetUtcNow().ToUnixTimeMilliseconds(), []).Encode(), cancellation));
        return null;
    }

    private static bool Describe(Device device, DeviceInfo info)
    {
        var facts = ReportedFacts.Limit(info.Facts);
        var intervals = info.Intervals.DistinctBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => (long)pair.Value.TotalMilliseconds, StringComparer.Ordinal);
        var same = device.Described
            && IsSame(device.Facts, facts)
            && IsSame(device.Intervals, intervals)
            && device.AllowedCommands.SequenceEqual(info.AllowedCommands, StringComparer.Ordinal)
            && device.Scripts.SequenceEqual(info.Scripts, StringComparer.Ordinal)
            && device.Units.SequenceEqual(info.Units, StringComparer.Ordinal);
        device.Described = true;
        device.Facts = facts;
        device.Intervals = intervals;
        device.AllowedCommands = [.. info.AllowedCommands];
        device.Scripts = [.. info.Scripts];
        device.Units = [.. info.Units];
        return !same;
    }

    private static bool IsSame<T>(Dictionary<string, T> left, Dictionary<string, T> right)
        where T : IEquatable<T> =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value.Equals(pair.Value));
}
