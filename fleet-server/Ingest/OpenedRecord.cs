using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>A record that its device sealed and that is new.</summary>
internal sealed record OpenedRecord(
    Sender Sender, OpenEpoch Epoch, uint StreamId, uint RecordType, ulong Seq, byte[] Plaintext, DateTimeOffset ReceivedAt)
{
    public PrincipalId Device => Sender.Device;
}
