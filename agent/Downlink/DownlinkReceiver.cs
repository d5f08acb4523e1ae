using System.Buffers;
using Messaging.Acks;
using Messaging.Agent.Audit;
using Messaging.Agent.Clock;
using Messaging.Agent.Commands;
using Messaging.Agent.Files;
using Messaging.Agent.Sessions;
using Messaging.Agent.Spool;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;
using Messaging.Agent.Uplink.Flow;
using Messaging.Enrolment;
using Messaging.Epochs;
using Messaging.Files;
using Messaging.Streams;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Downlink;

/// <summary>
/// Takes what the relay hands over. The relay is not believed: what does not verify changes nothing and is counted.
/// </summary>
internal sealed class DownlinkReceiver(
    DownEpochs epochs,
    SpoolStore spool,
    UplinkSender sender,
    GapReporter gaps,
    SeriesAnswers series,
    MetricFlusher metrics,
    TrustReceiver trust,
    KeyRotator rotator,
    CommandCenter commands,
    LogWitness witness,
    ControlPause pause,
    ControlWord word,
    VolatileOutbox outbox,
    FileReceipts files,
    TrustedClock clock,
    BeaconReceiver beacons,
    SessionCenter sessions,
    SecurityLog security,
    TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RequestInterval = TimeSpan.FromSeconds(1);
    private readonly ArrayBufferWriter<byte> _content = new(4096);
    private readonly Lock _gate = new();
    private long _requestedAt;

    /// <summary>One frame as it arrived.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (!Frame.TryRead(bytes, out var frame))
            {
                security.Count("frame-malformed");
            }
            else if (frame.Kind == FrameKind.EpochOpen)
            {
                if (epochs.Open(bytes, frame) is { } reason)
                {
                    security.Count(reason);
                }
            }
            else if (frame.Kind == FrameKind.Session)
            {
                sessions.Receive(frame.SessionId, frame.Body);
            }
            else
            {
                ReceiveRecord(frame);
            }
        }
    }

    public void Dispose() => epochs.Dispose();

    private void ReceiveRecord(in Frame frame)
    {
        if (epochs.ServerOf(frame.SenderId) is not { } server)
        {
            security.Count("record-unknown-sender");
            return;
        }

        if (epochs.Find(server, frame.Kid) is not { } epoch)
        {
            RequestEpoch(frame.Kid);
            return;
        }

        _content.ResetWrittenCount();
        if (!epoch.Receiver.TryOpen(frame, _content, out _))
        {
            security.Count("record-not-authentic");
            return;
        }

        // After opening, so that a forgery is counted as one whatever number it has.
        if (epoch.Window(frame.StreamId)?.Accept(frame.Seq) != true)
        {
            security.Count("record-replayed");
            return;
        }

        word.Heard();
        if (!TryDispatch(frame.StreamId, frame.RecordType, new AckPosition(epoch.Server, epoch.Receiver.EpochNo, frame.Seq), frame.SenderId, _content.WrittenSpan))
        {
            security.Count("record-malformed");
        }
    }

    private bool TryDispatch(uint stream, uint type, AckPosition position, PrincipalId server, ReadOnlySpan<byte> content)
    {
        switch (stream, type)
        {
            case (StreamId.Commands, RecordType.Command):
                commands.Receive(content);
                return true;

            case (StreamId.Control, RecordType.Ack):
                return TryTakeAcks(content, position, server);

            case (StreamId.Control, RecordType.TimeBeacon):
                beacons.Receive(content);
                return true;

            case (StreamId.Control, RecordType.Trust):
                if (trust.TryReceive(content, out var verdict) && verdict == TrustVerdict.Older)
                {
                    security.Count(TrustReceiver.Word(TrustVerdict.Older));
                }

                return true;

            case (StreamId.Control, RecordType.EpochRequestDown):
                if (!EpochRequest.TryDecode(content, out var request))
                {
                    return false;
                }

                sender.RequestEpoch(request.Kid);
                return true;

            case (StreamId.Control, RecordType.SeriesRequest):
                if (!SeriesRequest.TryDecode(content, out var wanted))
                {
                    return false;
                }

                series.Receive(wanted);
                return true;

            case (StreamId.Control, RecordType.Watch):
                if (!Watch.TryDecode(content, out var watch))
                {
                    return false;
                }

                metrics.Watch(watch.Duration);
                return true;

            case (StreamId.Control, RecordType.KeyUpdateReceipt):
                if (!KeyUpdateReceipt.TryDecode(content, out var receipt))
                {
                    return false;
                }

                rotator.Receive(receipt);
                return true;

            case (StreamId.Control, RecordType.Pause):
                if (!Pause.TryDecode(content, out var said))
                {
                    return false;
                }

                pause.Receive(said, position);
                return true;

            case (StreamId.Control, RecordType.AuditCheckpoint):
                return witness.TryReceive(content, position);

            case (StreamId.Control, RecordType.FileReceipt):
                if (!FileReceipt.TryDecode(content, out var file))
                {
                    return false;
                }

                files.Add(file);
                return true;

            default:
                // A newer server may say what this version does not know.
                return stream is StreamId.Commands or StreamId.Control;
        }
    }

    private bool TryTakeAcks(ReadOnlySpan<byte> content, AckPosition position, PrincipalId server)
    {
        if (!AckRecord.TryDecode(content, out var ack))
        {
            return false;
        }

        var isNewest = spool.IsNewestAck(position);
        if (isNewest)
        {
            clock.State(server, ack.ServerUnixMs);
        }

        bool news = false, fellBack = false;
        foreach (var epoch in ack.Epochs)
        {
            foreach (var item in epoch.Through)
            {
                news |= spool.Ack(epoch.EpochId, item.StreamId, item.Seq);
                fellBack |= isNewest && spool.FallBack(epoch.EpochId, item.StreamId, item.Seq);
            }
        }

        if (news || fellBack)
        {
            gaps.Update();
        }

        if (news)
        {
            files.News.Set();
            sender.Acked();
        }

        if (fellBack)
        {
            sender.Rewind();
        }

        return true;
    }

    /// <summary>Anybody can make up key ids: they are asked for one at a time.</summary>
    private void RequestEpoch(Kid kid)
    {
        if (_requestedAt != 0 && time.GetElapsedTime(_requestedAt) < RequestInterval)
        {
            return;
        }

        _requestedAt = time.GetTimestamp();
        outbox.Send(RecordType.EpochRequestUp, new EpochRequest(kid).Encode());
    }
}
