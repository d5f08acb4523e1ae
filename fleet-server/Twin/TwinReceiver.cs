using Messaging.FleetServer.Ingest;
using Messaging.Twin;

namespace Messaging.FleetServer.Twin;

/// <summary>Takes what devices say of their desired state: stored before it counts as received, so one that comes twice changes nothing.</summary>
internal sealed class TwinReceiver(TwinBook book, TwinTracker tracker)
{
    public async Task<string?> TakeAsync(OpenedRecord record, CancellationToken cancellationToken)
    {
        if (!TwinReport.TryDecode(record.Plaintext, out var report))
        {
            return RejectionReason.Undecodable;
        }

        var device = record.Device.ToString();
        var epochNo = (long)record.Epoch.Row.EpochNo;
        var isOther = false;
        await book.ChangeAsync(
            device,
            row =>
            {
                if (!TwinRules.IsNewer(row, epochNo, report))
                {
                    return false;
                }

                isOther = row.DesiredVersion != (long)report.Version;
                row.ReportEpochNo = epochNo;
                row.ReportNo = (long)report.ReportNo;
                row.Report = record.Plaintext;
                row.ReportedAt = record.ReceivedAt;
                return true;
            },
            cancellationToken);
        if (isOther)
        {
            // Of a command that was taken for lost, say.
            tracker.Look(device);
        }

        return null;
    }
}
