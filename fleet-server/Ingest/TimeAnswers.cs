using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Rosters;
using Messaging.Streams;
using Messaging.Time;

namespace Messaging.FleetServer.Ingest;

/// <summary>Answers devices that ask for the time with a beacon for their boot.</summary>
internal sealed class TimeAnswers(FleetKeys keys, IDownlink downlink, TimeProvider time)
{
    public string? Answer(OpenedRecord record, IngestGroup group)
    {
        if (!TimeRequest.TryDecode(record.Plaintext, out var request))
        {
            return RejectionReason.Undecodable;
        }

        if (request.IsWanted)
        {
            // Signed when it is sent: what waits before that would make the time older than the beacon says.
            group.Answers.Add(cancellation => downlink.SendAsync(
                record.Device, StreamId.Control, RecordType.TimeBeacon, Sign(record, request), cancellation));
        }

        return null;
    }

    private ReadOnlyMemory<byte> Sign(OpenedRecord record, TimeRequest request) => TimeBeacon.Sign(
        keys.Time, new TimeBeaconContent(time.GetUtcNow().ToUnixTimeMilliseconds(), record.Device, request.BootId, request.UptimeMs)).Bytes;
}
