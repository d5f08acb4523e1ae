using Messaging.FleetServer.Downlinks;
using Messaging.Streams;

namespace Messaging.FleetServer.Ingest;

/// <summary>
/// Asks a device what its numbers of series stand for. That is needed after this server was restored from a backup only: a device leaves a
/// definition out when it was told that a record with it is stored.
/// </summary>
internal sealed class SeriesQuestions(IDownlink downlink, IngestOptions options, TimeProvider time)
{
    /// <summary>What becomes of a record that needs these definitions.</summary>
    public string Ask(OpenedRecord record, IReadOnlyList<uint> missing, IngestGroup group)
    {
        if (missing.Any(record.Epoch.Series.IsLost))
        {
            return RejectionReason.SeriesLost;
        }

        var sender = record.Sender;
        if (sender.SeriesRequestedAt is not { } at || time.GetElapsedTime(at) >= options.EpochRequestInterval)
        {
            sender.SeriesRequestedAt = time.GetTimestamp();
            var request = new SeriesRequest(record.Epoch.Row.EpochId, [.. missing.Take(SeriesRequest.MaxIds)]).Encode();
            group.Answers.Add(cancellation =>
                downlink.SendAsync(sender.Device, StreamId.Control, RecordType.SeriesRequest, request, cancellation));
        }

        return RejectionReason.UnknownSeries;
    }

    /// <summary>Takes an answer. It changes nothing the second time.</summary>
    public string? Answer(OpenedRecord record, IngestGroup group)
    {
        if (!SeriesAnswer.TryDecode(record.Plaintext, out var answer))
        {
            return RejectionReason.Undecodable;
        }

        if (record.Sender.Find(answer.EpochId) is not { IsFinished: false } epoch)
        {
            return null;
        }

        // The next question may follow at once.
        record.Sender.SeriesRequestedAt = null;
        string? reason = null;
        foreach (var (id, definition) in answer.Known)
        {
            if (epoch.Series.Find(id) is { } before)
            {
                reason = before.Definition == definition ? reason : RejectionReason.SeriesRedefined;
            }
            else if (record.Sender.Series >= options.MaxSeriesPerDevice)
            {
                epoch.Series.Lose(id);
                reason = RejectionReason.TooManySeries;
            }
            else
            {
                epoch.Series.Add(id, definition, group);
            }
        }

        foreach (var id in answer.Lost.Where(id => epoch.Series.Find(id) is null))
        {
            epoch.Series.Lose(id);
        }

        return reason;
    }
}
