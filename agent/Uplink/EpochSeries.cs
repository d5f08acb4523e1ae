using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Telemetry;

namespace Messaging.Agent.Uplink;

/// <summary>
/// The numbers that series have in one epoch. The server is sure to have a definition once a record that held it is acknowledged; until then
/// each batch carries its own, so that records may be lost, dropped and reordered.
/// </summary>
internal sealed class EpochSeries
{
    /// <summary>After so many batches without a series (a process that ended), its number is forgotten when nothing may ask for it.</summary>
    private const int IdleBatches = 60;
    private readonly Dictionary<SeriesKey, SeriesNumber> _byKey = [];
    private readonly Dictionary<uint, SeriesNumber> _byId = [];
    private readonly Dictionary<MetricDefinition, List<SeriesNumber>> _models = [];
    private readonly List<SeriesNumber> _used = [];
    private readonly List<SeriesEntry> _inline = [];
    private uint _next;
    private int _batch;

    /// <summary>The last record that refers to a number.</summary>
    public ulong LastRecord { get; private set; }

    /// <summary>Puts the series of one batch together. What is not sent then (see <see cref="Sent"/>) leaves no trace.</summary>
    /// <param name="series">The series, each once.</param>
    /// <param name="through">The record of the epoch's metrics up to which the server has all.</param>
    public (IReadOnlyList<SeriesEntry> Definitions, IReadOnlyList<SeriesColumn> Columns) Compose(IReadOnlyList<MeasuredSeries> series, ulong through)
    {
        _batch++;
        _used.Clear();
        _inline.Clear();
        var columns = new List<SeriesColumn>(series.Count);
        var own = SeriesBatch.MaxKept;
        foreach (var one in series)
        {
            if (Find(one) is { } number)
            {
                number.Batch = _batch;
                _used.Add(number);
                columns.Add(new SeriesColumn(number.Id, number.Definition, one.Points));
                continue;
            }

            var definition = Define(one);
            _inline.Add(new SeriesEntry(own, definition, null));
            columns.Add(new SeriesColumn(own++, definition, one.Points));
        }

        columns.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        _used.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        var defined = new List<SeriesEntry>();
        foreach (var number in _used)
        {
            if (!number.IsKnown(through))
            {
                defined.Add(new SeriesEntry(number.Id, number.Definition, Like(number, through)?.Id));
            }
        }

        defined.AddRange(_inline);
        return (defined, columns);
    }

    /// <summary>The batch that was composed last became this record.</summary>
    public void Sent(ulong record, ulong through)
    {
        foreach (var number in _used)
        {
            number.UsedIn = record;
            number.DefinedIn = number.DefinedIn == 0 ? record : number.DefinedIn;
        }

        LastRecord = record;
        Forget(through);
    }

    public SeriesDefinition? Definition(uint id) => _byId.GetValueOrDefault(id)?.Definition;

    private static SeriesDefinition Define(MeasuredSeries series) => new(
        series.Key.Metric.Name,
        series.Key.Metric.Unit,
        (MetricKind)series.Key.Metric.Kind,
        series.Key.Attributes.Items,
        series.Key.Metric.Scale ?? SeriesDefinition.ScaleOf(series.Points));

    /// <summary>Null for one that has no number of the epoch: it is too large, or there are too many.</summary>
    private SeriesNumber? Find(MeasuredSeries series)
    {
        if (_byKey.TryGetValue(series.Key, out var number))
        {
            return number;
        }

        var definition = Define(series);
        if (_next >= SeriesBatch.MaxKept || definition.Encode().Length > SeriesBatch.MaxKeptBytes)
        {
            return null;
        }

        number = new SeriesNumber(_next++, series.Key, definition);
        _byKey.Add(series.Key, number);
        _byId.Add(number.Id, number);
        return number;
    }

    /// <summary>One that differs in the values of its attributes alone and that the server knows, or has read before in the same batch.</summary>
    private SeriesNumber? Like(SeriesNumber number, ulong through)
    {
        var model = Model(number.Key.Metric, number.Definition);
        if (model is not null && model.Id != number.Id && IsReadBefore(model, number.Id, through))
        {
            return model;
        }

        if (model != number)
        {
            var models = Models(number.Key.Metric);
            if (model is not null)
            {
                model.IsModel = false;
                models.Remove(model);
            }

            number.IsModel = true;
            models.Add(number);
        }

        return null;
    }

    private bool IsReadBefore(SeriesNumber model, uint id, ulong through) => model.IsKnown(through) || (model.Batch == _batch && model.Id < id);

    private SeriesNumber? Model(MetricDefinition metric, SeriesDefinition definition)
    {
        foreach (var model in Models(metric))
        {
            if (model.Definition.IsLike(definition))
            {
                return model;
            }
        }

        return null;
    }

    private List<SeriesNumber> Models(MetricDefinition metric)
    {
        if (!_models.TryGetValue(metric, out var models))
        {
            _models.Add(metric, models = []);
        }

        return models;
    }

    private void Forget(ulong through)
    {
        if (_batch % IdleBatches != 0)
        {
            return;
        }

        foreach (var (key, number) in _byKey)
        {
            if (!number.IsModel && number.UsedIn <= through && _batch - number.Batch > IdleBatches)
            {
                _byKey.Remove(key);
                _byId.Remove(number.Id);
            }
        }
    }
}
