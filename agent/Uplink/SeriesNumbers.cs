using Messaging.Agent.Spool;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.Agent.Uplink;

/// <summary>
/// The numbers of series in the epochs that this process has opened, until the server has all records of them. Thread-safe.
/// </summary>
internal sealed class SeriesNumbers(SpoolStore spool)
{
    private const int MaxEpochs = 16;
    private const int AnswersInRecord = 64;
    private readonly Lock _gate = new();
    private readonly List<(EpochId Id, EpochSeries Series)> _epochs = [];

    /// <summary>What is to be sent of these series in this epoch.</summary>
    public SeriesBatch Compose(EpochId epoch, long? wallUnixMs, long monoMs, IReadOnlyList<MeasuredSeries> series)
    {
        lock (_gate)
        {
            var (definitions, columns) = Of(epoch).Compose(series, Through(epoch));
            return new SeriesBatch(null, wallUnixMs, monoMs, definitions, columns);
        }
    }

    /// <summary>What was composed last is in the spool.</summary>
    public void Sent(in SpoolRecord record)
    {
        lock (_gate)
        {
            Of(record.Key.Epoch).Sent(record.Seq, Through(record.Key.Epoch));
        }
    }

    /// <summary>
    /// What a server that was restored from a backup does not know any more. Of a process that has ended nobody knows it: the server is told
    /// so, and counts the records that need it as lost.
    /// </summary>
    public IReadOnlyList<SeriesAnswer> Answer(SeriesRequest request)
    {
        lock (_gate)
        {
            var series = _epochs.Find(epoch => epoch.Id == request.EpochId).Series;
            var known = new List<KeyValuePair<uint, SeriesDefinition>>();
            var lost = new List<uint>();
            foreach (var id in request.Ids)
            {
                if (series?.Definition(id) is { } definition)
                {
                    known.Add(new(id, definition));
                }
                else
                {
                    lost.Add(id);
                }
            }

            var answers = new List<SeriesAnswer>();
            for (var at = 0; at < known.Count; at += AnswersInRecord)
            {
                answers.Add(new SeriesAnswer(request.EpochId, known.GetRange(at, Math.Min(AnswersInRecord, known.Count - at)), []));
            }

            if (lost.Count > 0)
            {
                answers.Add(new SeriesAnswer(request.EpochId, [], lost));
            }

            return answers;
        }
    }

    private EpochSeries Of(EpochId epoch)
    {
        if (_epochs.Count > 0 && _epochs[^1].Id == epoch)
        {
            return _epochs[^1].Series;
        }

        _epochs.RemoveAll(known => Through(known.Id) >= known.Series.LastRecord);
        if (_epochs.Count >= MaxEpochs)
        {
            _epochs.RemoveAt(0);
        }

        var series = new EpochSeries();
        _epochs.Add((epoch, series));
        return series;
    }

    private ulong Through(EpochId epoch) => spool.AckedThrough(new StreamKey(epoch, StreamId.Metrics));
}
