using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Streams;

namespace Messaging.Agent.Tests.Uplink;

public sealed class MetricFlusherTests
{
    private static readonly MetricDefinition Metric = new("test.value", "1", InstrumentKind.Gauge);
    private static readonly StateFleet Fleet = new();

    [Fact]
    public void Flush_OfMoreThanARecordHoldsWithAKillAnywhere_SealsAllOfItOnce()
    {
        var records = 0UL;
        for (var operation = 0; records == 0; operation++)
        {
            var disk = new CrashDisk("state");
            var world = new StateWorld(disk, Fleet);
            world.Enrol();
            var values = new HashSet<double>();
            using (var state = world.Open(disk)!)
            using (var writer = world.Writer(state))
            {
                Assert.True(writer.TryOpen());
                var samples = new MetricAccumulator(1000);
                var flusher = world.Flusher(state, writer, samples);
                Fill(samples, values, count: 2000);
                flusher.Save();
                Fill(samples, values, count: 38_000);
                disk.KillAt = disk.Operations + operation;
                try
                {
                    flusher.Flush(durable: true);
                    records = state.Spool.NewestEpoch!.LastSeq[StreamId.Metrics];
                    Assert.Equal(2UL, records);
                }
                catch (CrashDisk.KilledException)
                {
                    // The next start finds what is left.
                }

                disk.KillAt = int.MaxValue;
            }

            using var next = world.Open(disk)!;
            using var again = world.Writer(next);
            Assert.True(again.TryOpen());
            StateWorld.Recover(world.Flusher(next, again, new MetricAccumulator(10)));
            next.Spool.Sync();
            var found = world.SealedSamples(next.Spool);

            // What was not saved yet when the process was killed (a file made, then written) is lost; nothing else is, and nothing is there twice.
            Assert.Equal(found.Distinct().Count(), found.Count);
            Assert.Superset(values.Take(2000).ToHashSet(), found.ToHashSet());
            Assert.Equal(operation < 2 ? 2000 : values.Count, found.Count);
        }
    }

    private static void Fill(MetricAccumulator samples, HashSet<double> values, int count)
    {
        // Values that do not compress.
        var random = new Lcg(values.Count);
        for (var i = 0; i < count; i++)
        {
            var value = BitConverter.UInt64BitsToDouble((1UL << 62) | ((ulong)(uint)random.Next(int.MaxValue) << 21) | (uint)random.Next(1 << 21));
            values.Add(value);
            samples.Add(values.Count, [new Sample(Metric, AttributeSet.Of("series", (i % 10).ToString()), value)]);
        }
    }
}
