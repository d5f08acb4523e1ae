using CsCheck;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;

namespace Messaging.Agent.Tests.Spool;

/// <summary>
/// The spool on a disk that forgets what was not synced, cut off at each operation. <c>CRASH_TEST=all</c> in the environment tries every
/// variant of what may be left; else a part of them, the same each time.
/// </summary>
public sealed class SpoolCrashTests
{
    private static readonly SpoolLimits Roomy = new() { SegmentBytes = 600, MaxBytes = 1024 * 1024, MaxUnsynced = 5 };
    private static readonly SpoolLimits TightByPriority = new() { SegmentBytes = 600, MaxBytes = 3000, MaxUnsynced = 5, Evict = EvictionOrder.LowestPriority };
    private static readonly SpoolLimits Tight = new() { SegmentBytes = 600, MaxBytes = 3000, MaxUnsynced = 5 };

    private static readonly SpoolLimits[] Bounds = [Roomy, Tight, TightByPriority];

    /// <summary>Everything that a spool does, several times, with evictions when it is tight.</summary>
    private static readonly SpoolStep[] Life = [.. Enumerable.Range(0, 4).SelectMany(Day)];

    private static readonly Gen<SpoolStep[]> Lives =
        Gen.Select(Gen.Enum<SpoolStepKind>(), Gen.Int[1, 120], (kind, size) => new SpoolStep(kind, size)).Array[10, 40];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_AfterAPowerCutAtEachOperation_HasWhatWasSyncedOnceAndNamesTheRest(int bounds)
    {
        var limits = Bounds[bounds];
        for (var seed = 0; seed < (PowerCuts.Exhaustive ? 8 : 1); seed++)
        {
            var (world, disk) = Live(Life, limits, new CrashDisk("state"));
            PowerCuts.Each(disk, seed, 0, int.MaxValue, (left, completed, _) => SpoolOracle.Check(world, left, limits, completed));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_AfterAKillAndThenAPowerCut_HasWhatWasSyncedOnceAndNamesTheRest(int bounds)
    {
        // A new process reads what the one before only wrote: what it relies on must not be taken back by the power cut.
        var limits = Bounds[bounds];
        var whole = Live(Life, limits, new CrashDisk("state")).Disk.Operations;
        for (var kill = PowerCuts.Exhaustive ? 0 : 3; kill < whole; kill += PowerCuts.Exhaustive ? 1 : 37)
        {
            var (world, disk) = Live(Life, limits, new CrashDisk("state") { KillAt = kill });
            PowerCuts.Each(disk, kill, kill, kill + 25, (left, completed, _) => SpoolOracle.Check(world, left, limits, completed));
        }
    }

    [Fact]
    public void Open_AfterAPowerCutWhileItRecoversFromOne_HasWhatWasSynced()
    {
        var (world, disk) = Live(Life, Tight, new CrashDisk("state"));
        for (var first = 5; first < disk.Operations; first += PowerCuts.Exhaustive ? 1 : 17)
        {
            PowerCuts.Each(disk, first, first, first, (left, completed, place) =>
            {
                // What is opened is written to; the copy is what the check gets.
                SpoolStore.Open(left, SpoolWorld.Folder, Tight, new Microsoft.Extensions.Time.Testing.FakeTimeProvider());
                PowerCuts.Each(left, first, 0, int.MaxValue, (again, _, _) => SpoolOracle.Check(world, again, Tight, completed));
            });
        }
    }

    [Fact]
    public void Open_AfterAPowerCutInAnyLife_HasWhatWasSyncedOnceAndNamesTheRest() =>
        Gen.Select(Lives, Gen.Int[0, 1_000_000], Gen.Int[0, 2]).Sample(
            (steps, seed, bounds) =>
            {
                var limits = Bounds[bounds];
                var (world, disk) = Live(steps, limits, new CrashDisk("state") { KillAt = seed % 3 == 0 ? int.MaxValue : seed % 100 });
                PowerCuts.Each(disk, seed, 0, int.MaxValue, (left, completed, _) => SpoolOracle.Check(world, left, limits, completed));
            },
            iter: PowerCuts.Exhaustive ? 500 : 8,
            threads: 1);

    [Fact]
    public void Check_OfADiskThatDoesNotSyncFiles_FindsTheLoss() => Assert.Throws<CrashFoundException>(() =>
    {
        var (world, disk) = Live(Life, Roomy, new CrashDisk("state") { IgnoresFileSync = true });
        PowerCuts.Each(disk, 1, 0, int.MaxValue, (left, completed, _) => SpoolOracle.Check(world, left, Roomy, completed));
    });

    [Fact]
    public void Check_OfADiskThatDoesNotSyncFolders_FindsTheLoss() => Assert.Throws<CrashFoundException>(() =>
    {
        var (world, disk) = Live(Life, Roomy, new CrashDisk("state") { IgnoresFolderSync = true });
        PowerCuts.Each(disk, 1, 0, int.MaxValue, (left, completed, _) => SpoolOracle.Check(world, left, Roomy, completed));
    });

    private static (SpoolWorld World, CrashDisk Disk) Live(IReadOnlyList<SpoolStep> steps, SpoolLimits limits, CrashDisk disk)
    {
        var world = new SpoolWorld(disk, limits);
        world.Run(steps);
        return (world, disk);
    }

    private static IEnumerable<SpoolStep> Day(int day)
    {
        for (var i = 0; i < 3; i++)
        {
            yield return new(SpoolStepKind.Log, 40 + (30 * i));
            yield return new(SpoolStepKind.Metric, 60);
            yield return new(SpoolStepKind.Event, 30);
            yield return new(SpoolStepKind.Move, 0);
            yield return new(SpoolStepKind.Log, 90);
        }

        yield return new(SpoolStepKind.Sync, 0);
        yield return new(day == 1 ? SpoolStepKind.Refuse : day == 2 ? SpoolStepKind.RefuseSync : SpoolStepKind.Event, 50);
        yield return new(SpoolStepKind.Send, 0);
        yield return new(SpoolStepKind.Log, 100);
        yield return new(SpoolStepKind.Ack, 3);
        yield return new(SpoolStepKind.SaveAcks, 0);
        yield return new(SpoolStepKind.Metric, 100);
        yield return new(SpoolStepKind.Log, 100);
        yield return new(SpoolStepKind.Metric, 100);
        yield return new(SpoolStepKind.Log, 100);
        yield return new(SpoolStepKind.SettleGaps, 0);
        yield return new(SpoolStepKind.Event, 200);
        yield return new(day % 2 == 0 ? SpoolStepKind.Epoch : SpoolStepKind.Restart, 0);
    }
}
