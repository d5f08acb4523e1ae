using CsCheck;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Spool;

public sealed class SpoolKillTests
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

        return script;
    }
}
