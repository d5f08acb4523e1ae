using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;

namespace Messaging.Agent.Tests.Collect.Scheduling;

public sealed class MetricAccumulatorTests
{
    [Fact]
    public void Drain_AfterAdds_GivesEachSeriesItsColumnsOnce()
    {
        var accumulator = new MetricAccumulator(10);
        accumulator.Add(5, Samples((SystemMetrics.Load1, "", 1), (SystemMetrics.DiskIo, "sda", 10)));
        accumulator.Add(7, Samples((SystemMetrics.DiskIo, "sda", 20)));

        Assert.Equal(["system.disk.io{d=sda} 5=10 7=20", "system.linux.cpu.load_1m{} 5=1"], Drain(accumulator));
        Assert.Empty(Drain(accumulator));
    }

    [Fact]
    public void Add_AttributeSetsEqualByContent_AreOneSeries()
    {
        var accumulator = new MetricAccumulator(10);
        accumulator.Add(1, Samples((SystemMetrics.DiskIo, "sda", 1)));
        accumulator.Add(2, Samples((SystemMetrics.DiskIo, "sda", 2)));

        Assert.Single(Drain(accumulator));
    }

    [Fact]
    public void Add_MoreSeriesThanAllowed_DropsAndCounts()
    {
        var accumulator = new MetricAccumulator(1);
        accumulator.Add(1, Samples((SystemMetrics.DiskIo, "sda", 1), (SystemMetrics.DiskIo, "sdb", 1)));

        Assert.Equal(["system.disk.io{d=sda} 1=1"], Drain(accumulator));
        Assert.Equal(1, accumulator.Dropped);
    }

    [Fact]
    public void Add_NobodyDrains_StopsAtTheBound()
    {
        var accumulator = new MetricAccumulator(10, maxPoints: 3);
        for (var i = 0; i < 5; i++)
        {
            accumulator.Add(i, Samples((SystemMetrics.Load1, "", i)));
        }

        Assert.Equal((3, 2), (accumulator.Count, accumulator.Dropped));
        Drain(accumulator);
        accumulator.Add(9, Samples((SystemMetrics.Load1, "", 9)));
        Assert.Equal(1, accumulator.Count);
    }

    [Fact]
    public void Drain_SeriesThatStaysAway_MakesRoom()
    {
        var accumulator = new MetricAccumulator(1);
        accumulator.Add(1, Samples((SystemMetrics.DiskIo, "sda", 1)));
        for (var i = 0; i < 6; i++)
        {
            Drain(accumulator);
        }

        accumulator.Add(2, Samples((SystemMetrics.DiskIo, "sdb", 1)));
        Assert.Equal(["system.disk.io{d=sdb} 2=1"], Drain(accumulator));
    }

    [Fact]
    public void CopyLatest_SeriesWithoutAttributes_AreTheHeadlines()
    {
        var accumulator = new MetricAccumulator(10);
        accumulator.Add(1, Samples((SystemMetrics.CpuUtilization, "", 0.25), (SystemMetrics.CpuUtilization, "user", 0.1)));
        Drain(accumulator);

        var latest = new Dictionary<string, double>();
        accumulator.CopyLatest(latest);

        Assert.Equal(new KeyValuePair<string, double>("system.cpu.utilization", 0.25), Assert.Single(latest));
    }

    [Fact]
    public async Task Add_FromManyThreadsWhileDraining_LosesNothing()
    {
        var accumulator = new MetricAccumulator(100);
        var drained = 0;
        var adders = Enumerable.Range(0, 4).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                accumulator.Add(i, Samples((SystemMetrics.DiskIo, "d" + t, i)));
            }
        })).ToList();
        while (!adders.TrueForAll(a => a.IsCompleted))
        {
            drained += accumulator.Drain(_ => { });
        }

        await Task.WhenAll(adders);
        drained += accumulator.Drain(_ => { });

        Assert.Equal(8000, drained);
    }

    private static Sample[] Samples(params (MetricDefinition Metric, string Attribute, double Value)[] samples) =>
        [.. samples.Select(s => new Sample(s.Metric, s.Attribute.Length == 0 ? AttributeSet.None : AttributeSet.Of("d", s.Attribute), s.Value))];

    private static List<string> Drain(MetricAccumulator accumulator)
    {
        var series = new List<string>();
        accumulator.Drain(s => series.Add($"{s.Metric.Name}{s.Attributes} {string.Join(' ', s.Times.Zip(s.Values, (t, v) => $"{t}={v}"))}"));
        return [.. series.Order(StringComparer.Ordinal)];
    }
}
