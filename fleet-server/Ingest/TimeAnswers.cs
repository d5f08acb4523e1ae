using Messaging.FleetServer.Audit.Executions;
using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Trust;
using Messaging.Streams;
using Messaging.Time;

namespace Messaging.FleetServer.Ingest;

/// <summary>Answers devices that ask for the time with a beacon for their boot.</summary>
internal sealed class TimeAnswers(FleetKeys keys, ExecutionReceiver executions, IDownlink downlink, TimeProvider time)
{
    /// <summary>What a request takes on its way, as a rule.</summary>
    private const long ReceiptUncertaintyMs = 2000;

    public string? Answer(OpenedRecord record, IngestGroup group)
    {
        if (!TimeRequest.TryDecode(record.Plaintext, out var request))
        {
            return RejectionReason.Undecodable;
        }

        Learn(record, request, group);
        if (request.IsWanted)
        {
            // Signed when it is sent: what waits before that would make the time older than the beacon says.
            group.Answers.Add(cancellation => downlink.SendAsync(
                record.Device, StreamId.Control, RecordType.TimeBeacon, Sign(record, request), cancellation));
            executions.Give(record.Device, group);
        }

        return null;
    }

    private static void Learn(OpenedRecord record, TimeRequest request, IngestGroup group)
    {
        if (record.Sender.Boot(request.BootId) is not { } boot)
        {
            return;
        }

        var receivedAt = record.ReceivedAt.ToUnixTimeMilliseconds();
        boot.Note(request.UptimeMs, receivedAt);
        boot.Add(new Anchor(request.UptimeMs, receivedAt, ReceiptUncertaintyMs, AnchorSource.Receipt));
        if (request.Seen is { } seen && IsPossible(seen, request.UptimeMs, receivedAt))
        {
            var half = (seen.ReceivedUptimeMs - seen.EchoedUptimeMs) / 2;
            boot.Add(new Anchor(seen.EchoedUptimeMs + half, seen.UnixMs, half + 1, AnchorSource.Beacon));
        }

        group.Keep(record.Sender, boot);
    }

    /// <summary>The device only says what it saw: it cannot have come before the beacon was signed, nor says the beacon more than now.</summary>
    private static bool IsPossible(BeaconSeen seen, long uptimeMs, long receivedAt) =>
        seen.UnixMs >= Dating.EarliestUnixMs
        && seen.UnixMs + (uptimeMs - seen.ReceivedUptimeMs) <= receivedAt + Dating.ToleranceMs + Anchor.Drift(uptimeMs - seen.ReceivedUptimeMs);

    private ReadOnlyMemory<byte> Sign(OpenedRecord record, TimeRequest request) => TimeBeacon.Sign(
        keys.Time, new TimeBeaconContent(time.GetUtcNow().ToUnixTimeMilliseconds(), record.Device, request.BootId, request.UptimeMs)).Bytes;
}
