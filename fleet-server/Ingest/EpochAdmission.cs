using Messaging.Epochs;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>
/// Decides over openings of epochs. A number that is above the floor and that no other epoch has is accepted in any order: a device
/// that was started ten times without a network has ten epochs to deliver.
/// </summary>
internal sealed class EpochAdmission(
    FleetKeys keys,
    ITelemetryStore store,
    IDeviceDirectory devices,
    IDownlink downlink,
    ICommandReports commands,
    TrustPusher trust,
    PauseBook pauses,
    RejectionCounter rejections,
    IngestOptions options)
{
    public void Handle(Device device, Sender sender, UplinkMessage message, IngestGroup group)
    {
        if (TryOpen(device, sender.Device, message.Frame, out var key, out var error))
        {
            Admit(sender, key!, message, group);
        }
        else
        {
            rejections.Count(sender.Device, Reason(error));
        }
    }

    /// <summary>Makes the key of a stored epoch again.</summary>
    public EpochReceiver? Restore(Device device, Sender sender, OpenEpoch epoch)
    {
        if (epoch.Row.Id == 0 || !TryOpen(device, sender.Device, store.OpenFrame(epoch.Row.Id), out var key, out _))
        {
            return null;
        }

        sender.Keep(epoch, key!, options.MaxCachedKeys);
        return key;
    }

    private static string Reason(EpochError error) => error switch
    {
        EpochError.WrongSender => RejectionReason.ReAddressed,
        EpochError.BadSignature => RejectionReason.Tampered,
        EpochError.NotARecipient or EpochError.UnknownAudience or EpochError.NotSealedForThis => RejectionReason.NotForThisServer,
        _ => RejectionReason.Truncated,
    };

    /// <summary>By the current identity key; by a former one only what was sealed before it was replaced.</summary>
    private bool TryOpen(Device device, PrincipalId id, byte[] frame, out EpochReceiver? key, out EpochError error)
    {
        key = null;
        error = EpochError.BadSignature;
        if (IdentityPublicKey.TryImport(device.IdentityPoint, out var current)
            && EpochReceiver.TryOpen(frame, current, id, keys.Hpke, out key, out error))
        {
            return true;
        }

        foreach (var retired in device.RetiredIdentities)
        {
            if (error == EpochError.BadSignature
                && IdentityPublicKey.TryImport(retired.Point, out var former)
                && EpochReceiver.TryOpen(frame, former, id, keys.Hpke, out key, out _))
            {
                if (key.EpochNo <= (ulong)retired.ThroughEpochNo)
                {
                    return true;
                }

                key.Dispose();
                key = null;
            }
        }

        return false;
    }

    private void Admit(Sender sender, EpochReceiver key, UplinkMessage message, IngestGroup group)
    {
        var parameters = key.Header.Parameters;
        if (sender.Find(key.Id) is { } known)
        {
            // Sent again on every connection: whoever sends it wants to know what is stored.
            if (known.Key is null && !known.IsFinished)
            {
                sender.Keep(known, key, options.MaxCachedKeys);
            }
            else
            {
                key.Dispose();
            }

            group.Acknowledge(sender, known);
            Welcome(sender, known, parameters, message.ReceivedAt, group);
            return;
        }

        // Stored as signed 64-bit numbers; no honest device comes near.
        var invalid = parameters.EpochNo > long.MaxValue || parameters.UptimeMs > long.MaxValue
            || sender.IsNumberUsed(parameters.EpochNo) || sender.Find(key.Id.Kid) is not null;
        if (invalid || sender.Unfinished >= options.MaxOpenEpochs)
        {
            rejections.Count(sender.Device, invalid ? RejectionReason.StaleEpoch : RejectionReason.TooManyEpochs);
            key.Dispose();
            return;
        }

        var epoch = sender.Add(new EpochRow
        {
            Device = sender.Device,
            EpochId = key.Id,
            EpochNo = parameters.EpochNo,
            OpenFrame = message.Frame,
            BootId = parameters.BootId,
            UptimeMs = parameters.UptimeMs,
            OpenedAt = message.ReceivedAt,
            PrevEpochId = parameters.PrevEpochId,
            PrevLast = parameters.PrevLastSeq ?? [],
        });
        sender.Keep(epoch, key, options.MaxCachedKeys);
        group.Rows.NewEpochs.Add(epoch.Row);
        if (sender.Boot(parameters.BootId) is { } boot)
        {
            boot.NoteEpoch(parameters.EpochNo, (long)parameters.UptimeMs, message.ReceivedAt.ToUnixTimeMilliseconds());
            group.Keep(sender, boot);
        }

        group.Senders.Add(sender);
        group.Authenticate(sender.Device, message.ReceivedAt);
        Welcome(sender, epoch, parameters, message.ReceivedAt, group);
    }

    private void Welcome(Sender sender, OpenEpoch epoch, EpochParameters parameters, DateTimeOffset receivedAt, IngestGroup group)
    {
        if (sender.Newest != epoch)
        {
            return;
        }

        var device = sender.Device;
        var boot = new DeviceBoot(parameters.BootId, parameters.EpochNo, parameters.UptimeMs, receivedAt);
        group.AfterCommit.Add(() =>
        {
            // A process that opened a new epoch has forgotten ours.
            var isNew = devices.Presence(device)?.Boot?.EpochNo != boot.EpochNo;
            if (isNew)
            {
                downlink.Renew(device);
            }

            devices.ChangePresence(device, presence => isNew ? presence with { Boot = boot } : presence);
            trust.DeviceKnows(device, parameters.NoticeNumber);
            pauses.DeviceIsBack(device);
            commands.DeviceIsBack(device);
        });
    }
}
