using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>Reads metric records of both versions as a server does that forgets nothing.</summary>
internal sealed class MetricReader
{
    private readonly Dictionary<(EpochId Epoch, uint Id), SeriesDefinition> _known = [];

    /// <summary>How many definitions the last record held.</summary>
    public int Definitions { get; private set; }

    public IReadOnlyList<MetricSeries> Read(FakeControl.UpRecord record) => Read(record.Epoch, record.Content);

    public IReadOnlyList<MetricSeries> Read(EpochId epoch, ReadOnlySpan<byte> content)
    {
        if (MetricBatch.TryDecode(content, out var first))
        {
            return first.Series;
        }

        Assert.Equal(SeriesBatchResult.Ok, SeriesBatch.TryDecode(content, id => _known.GetValueOrDefault((epoch, id)), out var batch, out var missing));
        Assert.Empty(missing);
        Definitions = batch!.Definitions.Count;
        foreach (var entry in batch.Definitions.Where(entry => entry.Id < SeriesBatch.MaxKept))
        {
            _known[(epoch, entry.Id)] = entry.Definition;
        }

        return [.. batch.Columns.Select(column => new MetricSeries(
            column.Definition.Name, column.Definition.Unit, column.Definition.Kind, column.Definition.Attributes, column.Points))];
    }
}
