using System.Buffers;
using Messaging.Epochs;
using Messaging.FleetServer.Audit.Executions;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Twin;
using Messaging.FleetServer.Updates.Devices;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>
/// Takes one publication into a group: opens it, asks the window, decodes it. What is refused changes nothing but a counter; an
/// authentic record that cannot be understood is let in as a gap with its reason, so that it is not sent for ever.
/// </summary>
internal sealed class FrameHandler(
    Senders senders,
    EpochAdmission admission,
    TelemetryDecoder telemetry,
    DeviceWords words,
    ExecutionReceiver executions,
    TimeAnswers times,
    FileReceiver files,
    OutputReceiver outputs,
    TwinReceiver twins,
    UpdateReceiver updates,
    SeriesQuestions questions,
    IDeviceDirectory devices,
    IDownlink downlink,
    RejectionCounter rejections,
    IngestOptions options,
    TimeProvider time)
{
    public async Task HandleAsync(UplinkMessage message, IngestGroup group, CancellationToken cancellationToken)
    {
        if (devices.Get(message.Device) is not { } device)
        {
            // The relay lets nobody in who is not in the directory; there is no row to count it in.
            return;
        }

        if (device.Status != DeviceStatus.Active)
        {
            rejections.Count(message.Device, RejectionReason.Revoked);
            return;
        }

        if (Open(device, message, group) is { } record)
        {
            await TakeAsync(record, group, cancellationToken);
        }
    }

    private OpenedRecord? Open(Device device, UplinkMessage message, IngestGroup group)
    {
        if (!Frame.TryRead(message.Frame, out var frame))
        {
            rejections.Count(message.Device, RejectionReason.Truncated);
            return null;
        }

        if (frame.SenderId != message.Device)
        {
            rejections.Count(message.Device, RejectionReason.ReAddressed);
            return null;
        }

        var sender = senders.Of(message.Device);
        if (frame.Kind == FrameKind.EpochOpen)
        {
            admission.Handle(device, sender, message, group);
            return null;
        }

        return Open(device, sender, frame, message, group);
    }

    private OpenedRecord? Open(Device device, Sender sender, in Frame frame, UplinkMessage message, IngestGroup group)
    {
        if (sender.Find(frame.Kid) is not { } epoch)
        {
            rejections.Count(sender.Device, RejectionReason.UnknownEpoch);
            RequestOpening(sender, frame.Kid, group);
            return null;
        }

        if (epoch.IsFinished)
        {
            // Its key is gone with it. Whether this is what was stored or a forgery: it changes nothing, and the answer is the same.
            rejections.Count(sender.Device, RejectionReason.Replayed);
            group.Acknowledge(sender, epoch);
            return null;
        }

        var plaintext = new ArrayBufferWriter<byte>(Math.Max(frame.PlaintextBytes, 1));
        if ((epoch.Key ?? admission.Restore(device, sender, epoch)) is not { } key)
        {
            rejections.Count(sender.Device, RejectionReason.NotForThisServer);
            return null;
        }

        if (!key.TryOpen(frame, plaintext, out _))
        {
            rejections.Count(sender.Device, RejectionReason.Tampered);
            return null;
        }

        // After opening, so that a forgery is counted as one whatever number it has.
        var verdict = epoch.Check(frame.StreamId, frame.Seq);
        if (verdict != ReplayVerdict.Fresh)
        {
            rejections.Count(sender.Device, verdict == ReplayVerdict.TooNew ? RejectionReason.TooFarAhead : RejectionReason.Replayed);
            if (frame.StreamId != StreamId.Volatile)
            {
                group.Acknowledge(sender, epoch);
            }

            return null;
        }

        return new OpenedRecord(
            sender, epoch, frame.StreamId, frame.RecordType, frame.Seq, plaintext.WrittenSpan.ToArray(), message.ReceivedAt);
    }

    private async Task TakeAsync(OpenedRecord record, IngestGroup group, CancellationToken cancellationToken)
    {
        if (record.RecordType == RecordType.Gap && !MarkGap(record, group, out var malformed) && !malformed)
        {
            // What comes before the gap is still missing: the device sends this again after it.
            rejections.Count(record.Device, RejectionReason.TooFarAhead);
            return;
        }

        var file = record is { StreamId: not StreamId.Volatile, RecordType: RecordType.FileManifest or RecordType.FileChunk or RecordType.FileEnd or RecordType.FileRequest }
            ? files.Take(record, group)
            : FileVerdict.Taken;
        if (!file.IsTaken)
        {
            if (file.Reason is not null)
            {
                rejections.Count(record.Device, file.Reason);
            }

            return;
        }

        var reason = record.RecordType switch
        {
            // What is not acknowledged has no window that outlives this process, so nothing is stored from there.
            not (RecordType.EpochRequestUp or RecordType.TimeRequest or RecordType.AckRequest or RecordType.SeriesAnswer)
                when record.StreamId == StreamId.Volatile => RejectionReason.UnknownType,

            // What was kept does not say what the device's uptime is now.
            RecordType.TimeRequest when record.StreamId != StreamId.Volatile => RejectionReason.UnknownType,
            RecordType.TimeRequest => times.Answer(record, group),
            RecordType.Metrics => telemetry.Metrics(record, group),
            RecordType.Logs => telemetry.Logs(record, group),
            RecordType.Event => telemetry.Events(record, group),
            RecordType.CommandReport => DeviceWords.Report(record, group),
            RecordType.CommandOutput => await outputs.TakeAsync(record, group, cancellationToken),
            RecordType.Executions => await executions.TakeAsync(record, group, cancellationToken),
            RecordType.Twin => await twins.TakeAsync(record, cancellationToken),
            RecordType.UpdateStatus => UpdateReceiver.Status(record, group),
            RecordType.UpdateReceipt => updates.Receipt(record, group),
            RecordType.DeviceInfo => await words.InfoAsync(record, cancellationToken),
            RecordType.KeyUpdate => await words.KeysAsync(record, group, cancellationToken),
            RecordType.Gap => Gap.TryDecode(record.Plaintext, out _) ? null : RejectionReason.Undecodable,
            RecordType.FileManifest or RecordType.FileChunk or RecordType.FileEnd or RecordType.FileRequest => file.Reason,
            RecordType.EpochRequestUp => words.RequestOpening(record, group),
            RecordType.AckRequest => words.RequestAck(record, group),
            RecordType.SeriesAnswer => questions.Answer(record, group),
            _ => RejectionReason.UnknownType,
        };

        if (reason == RejectionReason.UnknownSeries)
        {
            // The device answers, and sends this again.
            rejections.Count(record.Device, reason);
            return;
        }

        record.Epoch.Accept(record.StreamId, record.Seq);
        group.Accept(record.Sender, record.Epoch, record.StreamId, record.ReceivedAt);
        if (reason is null)
        {
            return;
        }

        rejections.Count(record.Device, reason);
        if (record.StreamId != StreamId.Volatile)
        {
            group.Rows.Gaps.Add(new GapRow(
                record.Device, record.Epoch.Row.EpochId, record.StreamId, record.Seq, record.Seq, reason, record.ReceivedAt.ToUnixTimeMilliseconds()));
        }
    }

    private static bool MarkGap(OpenedRecord record, IngestGroup group, out bool malformed)
    {
        malformed = !Gap.TryDecode(record.Plaintext, out var gap);
        if (malformed)
        {
            return false;
        }

        // An epoch that never came has no window, and whatever it would have held is in the gap.
        if (record.Sender.Find(gap!.EpochId) is { } epoch)
        {
            if (!epoch.MarkGap(gap.StreamId, gap.FromSeq, gap.ToSeq))
            {
                return false;
            }

            group.Touch(record.Sender, epoch, gap.StreamId);
        }

        group.Rows.Gaps.Add(new GapRow(
            record.Device, gap.EpochId, gap.StreamId, gap.FromSeq, gap.ToSeq, gap.Reason, record.ReceivedAt.ToUnixTimeMilliseconds()));
        return true;
    }

    private void RequestOpening(Sender sender, Kid kid, IngestGroup group)
    {
        if (sender.RequestedAt is { } at && time.GetElapsedTime(at) < options.EpochRequestInterval)
        {
            return;
        }

        sender.RequestedAt = time.GetTimestamp();
        var request = new EpochRequest(kid).Encode();
        group.Answers.Add(cancellation =>
            downlink.SendAsync(sender.Device, StreamId.Control, RecordType.EpochRequestDown, request, cancellation));
    }
}
