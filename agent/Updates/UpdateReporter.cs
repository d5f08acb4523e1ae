using System.Text;
using Messaging.Agent.Clock;
using Messaging.Agent.Identity;
using Messaging.Agent.Updates.State;
using Messaging.Agent.Uplink;
using Messaging.Streams;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates;

/// <summary>Tells the server how far an update is, and signs what became of it.</summary>
internal sealed class UpdateReporter(UplinkWriter writer, DeviceMembership membership, KeyStore keys, IBootClock boot, TimeProvider time) : IUpdateReports
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    public void Tell(UpdateRecord record, TimeSpan? deadline, string detail, long done = 0, long total = 0)
    {
        record.ReportNo++;
        var status = new UpdateStatus
        {
            CommandId = record.Id,
            ReportNo = record.ReportNo,
            State = record.State,
            UnixMs = writer.WallUnixMs,
            DeadlineMs = deadline is { } left ? (ulong)Math.Max(0, left.TotalMilliseconds) : null,
            Done = (ulong)done,
            Total = (ulong)total,
            Detail = Cut(detail, UpdateStatus.MaxDetailBytes),
            Fetched = record.Fetched == FetchedBytes.None ? null : record.Fetched,
        };
        writer.TryAppend(StreamId.Events, RecordType.UpdateStatus, status.Encode(), [], durable: false, out _);
    }

    public async Task SignAsync(UpdateRecord record, Release? release, CancellationToken ct)
    {
        var receipt = new UpdateReceipt
        {
            Device = membership.DeviceId,
            CommandId = record.Id,
            Kind = release?.Kind ?? "",
            Name = release?.Name ?? "",
            Version = release?.Version.ToString() ?? "",
            Counter = release?.Counter ?? 0,
            Sha256 = release?.ContentSha256 is { } content ? Convert.FromHexString(content) : record.Assignment.Sha256,
            Outcome = record.State,
            Reason = record.Reason,
            Detail = Cut(record.Detail, UpdateReceipt.MaxDetailBytes),
            BootId = boot.BootId,
            UnixMs = writer.WallUnixMs,
            Before = record.Before,
        };
        while (!writer.TryAppend(StreamId.Events, RecordType.UpdateReceipt, receipt.Sign(keys.Keys.Identity), [], durable: true, out _))
        {
            await Task.Delay(Retry, time, ct);
        }
    }

    private static string Cut(string text, int bytes)
    {
        while (Encoding.UTF8.GetByteCount(text) > bytes)
        {
            text = text[..Math.Min(text.Length - 1, bytes)];
        }

        return text;
    }
}
