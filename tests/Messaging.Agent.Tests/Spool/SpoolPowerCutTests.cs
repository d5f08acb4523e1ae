using System.Text;
using CsCheck;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Spool;

public sealed class SpoolPowerCutTests
{
    private static readonly SpoolLimits Small = new() { SegmentBytes = 600, MaxBytes = 1024 * 1024, MaxUnsynced = 5 };

    private enum Step
    {
        Log,
        DurableEvent,
        Metric,
        Sync,
        Ack,
        Epoch,
        SaveAcks,
    }

    private static readonly Gen<(Step Step, int Size)[]> Scripts =
        Gen.Select(Gen.Enum<Step>(), Gen.Int[1, 120]).Array[10, 40];

    [Fact]
    public void Open_AfterAPowerCutAtEachWrite_KeepsWhatWasSyncedAndNothingTorn() =>
        Gen.Select(Scripts, Gen.Int[0, int.MaxValue]).Sample(
            (script, seed) =>
            {
                var whole = new FaultDisk();
                Run(whole, script);
                var random = new Lcg(seed);
                for (var cut = 1; cut <= whole.Operations; cut++)
                {
                    var disk = new FaultDisk { CutAt = cut };
                    Check(Run(disk, script), disk.Reboot(random.Next));
                }
            },
            iter: 40,
            threads: 1);

    [Fact]
    public void Open_AfterKill_KeepsEverythingThatWasAppended() =>
        Scripts.Sample(
            script =>
            {
                var disk = new FaultDisk();
                var run = Run(disk, script);
                var store = SpoolStore.Open(disk.Restart(), SpoolScript.Folder, Small, new FakeTimeProvider());
                var read = SpoolScript.ReadAll(store).Select(item => item.Record).ToHashSet();
                Assert.Superset(run.Appended.Keys.Where(record => !run.Acked.Contains(record)).ToHashSet(), read);
                Assert.Empty(store.OutstandingGaps());
            },
            iter: 200,
            threads: 1);

    private static SpoolScript Run(FaultDisk disk, (Step Step, int Size)[] steps)
    {
        var script = new SpoolScript(disk, Small);
        try
        {
            script.Open();
            foreach (var (step, size) in steps)
            {
                switch (step)
                {
                    case Step.Log:
                        script.Append(SpoolScript.Logs, size, durable: false);
                        break;
                    case Step.DurableEvent:
                        script.Append(SpoolScript.Events, size, durable: true);
                        break;
                    case Step.Metric:
                        script.Append(1, size, durable: false);
                        break;
                    case Step.Sync:
                        script.Sync();
                        break;
                    case Step.Ack:
                        script.Sync();
                        script.Ack(SpoolScript.Logs, (ulong)size / 10);
                        script.Ack(SpoolScript.Events, (ulong)size / 10);
                        break;
                    case Step.Epoch:
                        script.NextEpoch();
                        break;
                    default:
                        script.Store!.SaveAcks();
                        break;
                }
            }
        }
        catch (FaultDisk.PowerCutException)
        {
            // The rest of the script does not happen.
        }

        return script;
    }

    private static void Check(SpoolScript before, FaultDisk disk)
    {
        var store = SpoolStore.Open(disk, SpoolScript.Folder, Small, new FakeTimeProvider());
        var read = SpoolScript.ReadAll(store);
        foreach (var (record, frame) in read)
        {
            Assert.Equal(before.Appended[record], frame);
        }

        var present = read.Select(item => item.Record).ToHashSet();
        Assert.Equal(read.Count, present.Count);
        Assert.Subset(present, before.Promised);
        Assert.Empty(store.OutstandingGaps());
        CheckCheckpoint(before, store, present);
        CheckGoesOn(store, disk);
    }

    /// <summary>The position is exactly the one after the last log record that is there, so that no line is lost or sealed twice.</summary>
    private static void CheckCheckpoint(SpoolScript before, SpoolStore store, HashSet<SpoolRecord> present)
    {
        var checkpoints = store.Checkpoints("file/");
        var last = checkpoints.Count == 0 ? -1 : int.Parse(Encoding.ASCII.GetString(checkpoints[0].Value.Span));
        for (var i = 0; i < before.LogRecords.Count; i++)
        {
            var record = before.LogRecords[i].Record;
            if (i <= last)
            {
                Assert.True(present.Contains(record) || before.Acked.Contains(record), $"log {i} of {last} lost");
            }
            else
            {
                Assert.DoesNotContain(record, present);
            }
        }
    }

    private static void CheckGoesOn(SpoolStore store, FaultDisk disk)
    {
        var count = SpoolScript.ReadAll(store).Count;
        var next = new SpoolScript(disk, Small);
        next.Open();
        Assert.True(next.Append(SpoolScript.Events, 10, durable: true));
        Assert.Equal(count + 1, SpoolScript.ReadAll(next.Store!).Count);
    }

    /// <summary>Repeatable choices of the disk.</summary>
    private sealed class Lcg(int seed)
    {
        private ulong _state = (ulong)seed;

        public int Next(int below)
        {
            _state = (_state * 6364136223846793005UL) + 1442695040888963407UL;
            return (int)((_state >> 33) % (ulong)below);
        }
    }
}
