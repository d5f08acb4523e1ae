using Messaging.Agent.Disk;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;

namespace Messaging.Agent.Tests.Spool;

public sealed class SpoolEvictionTests
{
    private const long MiB = 1024 * 1024;
    private static readonly SpoolLimits ByAge = new() { SegmentBytes = 4000, MaxBytes = 60_000, Evict = EvictionOrder.Oldest };
    private static readonly SpoolLimits ByPriority = new() { SegmentBytes = 2000, MaxBytes = 20_000, Evict = EvictionOrder.LowestPriority };

    [Fact]
    public void AppendRecord_BeyondTheQuotaByPriority_DropsMetricsBeforeLogsAndLogsBeforeEvents()
    {
        var script = new SpoolScript(new FaultDisk(), ByPriority);
        script.Open();
        for (var i = 0; i < 60; i++)
        {
            Assert.True(script.Append(SpoolWorld.Metrics, 150, durable: false));
            Assert.True(script.Append(i % 4 == 0 ? SpoolScript.Events : SpoolScript.Logs, 60, durable: false));
        }

        script.Sync();
        var left = Left(script);
        Assert.InRange(script.Store!.Counts().Bytes, 1, ByPriority.MaxBytes);
        Assert.Equal(60, left[SpoolScript.Events].Length + left[SpoolScript.Logs].Length);
        Assert.InRange(left[SpoolWorld.Metrics].Length, 1, 59);
        AssertNamed(script, SpoolWorld.Metrics, left[SpoolWorld.Metrics]);

        for (var i = 0; i < 60; i++)
        {
            script.Append(SpoolScript.Logs, 150, durable: false);
        }

        script.Sync();
        left = Left(script);
        Assert.Equal(15, left[SpoolScript.Events].Length);
        Assert.InRange(left[SpoolScript.Logs].Length, 1, 104);
        AssertNamed(script, SpoolScript.Logs, left[SpoolScript.Logs]);
        Assert.InRange(script.Store.Counts().Bytes, 1, ByPriority.MaxBytes);
    }

    [Fact]
    public void AppendRecord_BeyondTheQuotaByAge_DropsTheOldestMeasurementsAndLogsAndKeepsEvents()
    {
        var script = new SpoolScript(new FaultDisk(), ByAge);
        script.Open();
        for (var i = 0; i < 600; i++)
        {
            Assert.True(script.Append(i % 20 == 0 ? SpoolScript.Events : i % 2 == 0 ? SpoolScript.Logs : SpoolWorld.Metrics, 150, durable: false));
        }

        script.Sync();
        var left = Left(script);
        Assert.Equal(30, left[SpoolScript.Events].Length);
        Assert.Equal((300UL, 270UL), (left[SpoolWorld.Metrics][^1], left[SpoolScript.Logs][^1]));
        Assert.InRange(left[SpoolWorld.Metrics].Length, 20, 120);
        Assert.InRange(left[SpoolScript.Logs].Length, 20, 120);
        AssertNamed(script, SpoolWorld.Metrics, left[SpoolWorld.Metrics]);
        AssertNamed(script, SpoolScript.Logs, left[SpoolScript.Logs]);
        Assert.InRange(script.Store!.Counts().Bytes, 1, ByAge.MaxBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AppendRecord_WithNothingButEvents_DropsTheOldest(bool byAge)
    {
        var script = new SpoolScript(new FaultDisk(), ByPriority with { Evict = byAge ? EvictionOrder.Oldest : EvictionOrder.LowestPriority });
        script.Open();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(script.Append(SpoolScript.Events, 200, durable: false));
        }

        script.Sync();
        var left = Left(script)[SpoolScript.Events];
        Assert.Equal(100UL, left[^1]);
        AssertNamed(script, SpoolScript.Events, left);
        Assert.InRange(script.Store!.Counts().Bytes, 1, ByPriority.MaxBytes);
    }

    [Fact]
    public void TryRead_OfASegmentThatWasRewritten_GoesOnWithoutDamage()
    {
        var script = new SpoolScript(new FaultDisk(), ByPriority);
        script.Open();
        for (var i = 0; i < 10; i++)
        {
            script.Append(SpoolWorld.Metrics, 150, durable: true);
            script.Append(SpoolScript.Logs, 60, durable: true);
        }

        var cursor = default(SpoolCursor);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(script.Store!.TryRead(ref cursor, out _, out _));
        }

        for (var i = 0; i < 100; i++)
        {
            script.Append(SpoolWorld.Metrics, 150, durable: true);
        }

        var logs = new List<ulong>();
        while (script.Store!.TryRead(ref cursor, out var record, out var frame))
        {
            Assert.Equal(script.Appended[record], frame);
            if (record.Key.Stream == SpoolScript.Logs)
            {
                logs.Add(record.Seq);
            }
        }

        Assert.Superset(Enumerable.Range(3, 8).Select(seq => (ulong)seq).ToHashSet(), logs.ToHashSet());
        Assert.DoesNotContain(script.Store.TakeProblems(), problem => problem.Kind == SpoolProblemKind.Corrupt);
    }

    [Theory]
    [InlineData(40_000, 1_000_000, 0.1, 0, 4000L)]
    [InlineData(1_000_000_000, 1_000_000_000, 0.1, 0, 8000L)]
    [InlineData(1_000_000_000, 5000, 0.1, 1000, null)]
    public void Counts_OnADiskOfThisSize_GivesTheSmallestBound(long total, long free, double share, long keep, long? expected)
    {
        var disk = new FaultDisk { Size = new DiskSpace(total, free) };
        var script = new SpoolScript(disk, new SpoolLimits { SegmentBytes = 2000, MaxBytes = 8000, MaxDiskShare = share, KeepFree = keep });
        script.Open();
        script.Time.Advance(TimeSpan.FromMinutes(1));

        var counts = script.Store!.Counts();

        Assert.Equal(expected ?? counts.Bytes + free - keep, counts.MaxBytes);
    }

    [Fact]
    public void AppendRecord_WhenOthersFillTheDisk_GivesUpTheOldestForThem()
    {
        var disk = new FaultDisk { Size = new DiskSpace(100 * MiB, 50 * MiB) };
        var script = new SpoolScript(disk, new SpoolLimits { SegmentBytes = 2000, MaxBytes = 20_000, KeepFree = 10 * MiB });
        script.Open();
        for (var i = 0; i < 60; i++)
        {
            script.Append(SpoolScript.Logs, 200, durable: false);
        }

        var before = script.Store!.Counts().Bytes;
        disk.Size = new DiskSpace(100 * MiB, (10 * MiB) - 8000);
        script.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(script.Append(SpoolScript.Logs, 200, durable: true));

        Assert.InRange(script.Store.Counts().Bytes, 1, before - 8000 + 1000);
        AssertNamed(script, SpoolScript.Logs, Left(script)[SpoolScript.Logs]);
    }

    private static Dictionary<uint, ulong[]> Left(SpoolScript script) => SpoolScript.ReadAll(script.Store!)
        .GroupBy(item => item.Record.Key.Stream)
        .ToDictionary(group => group.Key, group => group.Select(item => item.Record.Seq).ToArray());

    /// <summary>What is not there is in a gap, and nothing else.</summary>
    private static void AssertNamed(SpoolScript script, uint stream, ulong[] left)
    {
        var lost = script.Store!.OutstandingGaps().Where(gap => gap.Key.Stream == stream)
            .SelectMany(gap => Enumerable.Range((int)gap.Range.From, (int)(gap.Range.To - gap.Range.From) + 1)).Select(seq => (ulong)seq);
        var all = script.Appended.Keys.Where(record => record.Key.Stream == stream).Select(record => record.Seq);
        Assert.Equal(all.Except(left).Order(), lost.Order());
    }
}
