using Messaging.FleetServer.Telemetry;
using Messaging.Telemetry;

namespace Messaging.FleetServer.Ingest;

/// <summary>
/// What the numbers of series stand for in one epoch: those in use in memory, the others in the store. A number never changes its meaning.
/// </summary>
internal sealed class EpochSeries(EpochRow epoch, ITelemetryStore store)
{
    private const int KeptWhenIdle = 512;
    private const int IdleBatches = 16;
    private readonly Dictionary<uint, KnownSeries> _known = [];
    private readonly HashSet<uint> _lost = [];
    private int _batch;

    /// <summary>Definitions, those that are not in memory included.</summary>
    public int Count { get; private set; } = epoch.StoredSeries;

    public KnownSeries? Find(uint id)
    {
        if (!_known.TryGetValue(id, out var series))
        {
            if (epoch.Id == 0 || Count == 0 || store.FindSeries(epoch.Id, id) is not { } stored)
            {
                return null;
            }

            _known.Add(id, series = new KnownSeries(stored) { IsStored = true });
        }

        series.UsedIn = _batch;
        return series;
    }

    /// <summary>Whether the device has said that it does not know the meaning any more either.</summary>
    public bool IsLost(uint id) => _lost.Contains(id);

    public void Lose(uint id) => _lost.Add(id);

    /// <summary>Takes over a definition of a number that has none, to be stored with the group.</summary>
    public void Add(uint id, SeriesDefinition definition, IngestGroup group)
    {
        var series = new KnownSeries(definition) { UsedIn = _batch };
        _known.Add(id, series);
        Count++;
        group.Rows.Series.Add(new EpochSeriesRow(epoch, id, definition.Encode()));
        group.AfterCommit.Add(() => series.IsStored = true);
    }

    /// <summary>Another batch begins. Processes come and go: what only the store needs to know leaves the memory.</summary>
    public void NextBatch()
    {
        _batch++;
        if (_known.Count > KeptWhenIdle && _batch % IdleBatches == 0)
        {
            foreach (var (id, series) in _known)
            {
                if (series.IsStored && _batch - series.UsedIn > IdleBatches)
                {
                    _known.Remove(id);
                }
            }
        }
    }

    /// <summary>The epoch is finished.</summary>
    public void Clear()
    {
        _known.Clear();
        _lost.Clear();
        Count = 0;
    }
}
