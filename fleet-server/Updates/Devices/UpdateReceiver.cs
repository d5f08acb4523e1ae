using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Ingest;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>
/// Takes what devices say of updates: stored before it counts as received, so one that comes twice changes nothing. All of a group are stored at a time: thousands of
/// devices that load the same release share a sync of the disk.
/// </summary>
internal sealed class UpdateReceiver(UpdateBook book, IDeviceDirectory devices, RejectionCounter rejections)
{
    public static string? Status(OpenedRecord record, IngestGroup group)
    {
        if (!UpdateStatus.TryDecode(record.Plaintext, out var status))
        {
            return RejectionReason.Undecodable;
        }

        group.Updates.Add(new UpdateWord(new UpdateKey(record.Device.ToString(), status.CommandId.ToString()), record.ReceivedAt, status, null, null));
        return null;
    }

    public string? Receipt(OpenedRecord record, IngestGroup group)
    {
        if (!UpdateReceipt.TryRead(record.Plaintext, out var receipt))
        {
            return RejectionReason.Undecodable;
        }

        if (receipt.Device != record.Device || devices.Get(record.Device) is not { } device || SignerOf(device, receipt) is not { } key)
        {
            return RejectionReason.UpdateReceiptNotSigned;
        }

        group.Updates.Add(new UpdateWord(new UpdateKey(device.Id, receipt.CommandId.ToString()), record.ReceivedAt, null, receipt, key));
        return null;
    }

    /// <summary>Stores what devices said, and has it told once the group is durable.</summary>
    public async Task StoreAsync(IngestGroup group, CancellationToken cancellationToken)
    {
        if (group.Updates.Count == 0)
        {
            return;
        }

        var (changed, unknown) = await book.TakeAsync(group.Updates, cancellationToken);
        foreach (var word in unknown)
        {
            rejections.Count(PrincipalId.Parse(word.Key.DeviceId), RejectionReason.UnknownCommand);
        }

        group.AfterCommit.Add(() => book.Tell(changed));
    }

    /// <summary>The key of the device that has signed it: what waited in its spool may be of a key before.</summary>
    private static byte[]? SignerOf(Device device, UpdateReceipt receipt) =>
        device.IdentityPoints().FirstOrDefault(point => IdentityPublicKey.TryImport(point, out var key) && receipt.IsSignedBy(key));
}
