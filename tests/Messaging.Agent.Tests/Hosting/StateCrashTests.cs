using Messaging.Agent.Audit;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Hosting;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Uplink;
using Messaging.Commands;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>
/// Every file of the state folder, from the enrolment on, on a disk that forgets what was not synced, cut off at each operation.
/// <c>CRASH_TEST=all</c> in the environment tries every variant of what may be left.
/// </summary>
public sealed class StateCrashTests
{
    private static readonly StateFleet Fleet = new();

    [Fact]
    public void Open_AfterAPowerCutAtEachOperation_HasWhatWasPromised()
    {
        var (world, disk) = Live(new CrashDisk("state"));
        PowerCuts.Each(disk, 1, 0, int.MaxValue, (left, completed, _) => Check(world, left, completed));
    }

    [Fact]
    public void Open_AfterAKillAndThenAPowerCut_HasWhatWasPromised()
    {
        var whole = Live(new CrashDisk("state")).Disk.Operations;
        for (var kill = 2; kill < whole; kill += PowerCuts.Exhaustive ? 1 : 31)
        {
            var (world, disk) = Live(new CrashDisk("state") { KillAt = kill });
            PowerCuts.Each(disk, kill, kill, kill + 12, (left, completed, _) => Check(world, left, completed));
        }
    }

    [Fact]
    public void Open_AfterAKillAtEachOperation_HasEachSampleThatWasSavedOnce()
    {
        var whole = Live(new CrashDisk("state")).Disk.Operations;
        for (var kill = 2; kill < whole; kill += PowerCuts.Exhaustive ? 1 : 9)
        {
            var disk = new CrashDisk("state") { KillAt = kill };
            var (world, _) = Live(disk);
            using var state = world.Open(disk)!;
            var found = world.SealedSamples(state.Spool);
            Assert.Equal(found.Distinct().Count(), found.Count);
            Assert.Empty(world.Saved.Keys.Except(found));
        }
    }

    [Fact]
    public void Check_OfADiskThatDoesNotSyncFiles_FindsTheLoss() => Assert.Throws<CrashFoundException>(() =>
    {
        var (world, disk) = Live(new CrashDisk("state") { IgnoresFileSync = true });
        PowerCuts.Each(disk, 1, 0, int.MaxValue, (left, completed, _) => Check(world, left, completed));
    });

    [Fact]
    public void Check_OfADiskThatDoesNotSyncFolders_FindsTheLoss() => Assert.Throws<CrashFoundException>(() =>
    {
        var (world, disk) = Live(new CrashDisk("state") { IgnoresFolderSync = true });
        PowerCuts.Each(disk, 1, 0, int.MaxValue, (left, completed, _) => Check(world, left, completed));
    });

    private static (StateWorld World, CrashDisk Disk) Live(CrashDisk disk)
    {
        var world = new StateWorld(disk, Fleet);
        world.Run(2);
        return (world, disk);
    }

    private static void Check(StateWorld world, CrashDisk left, int completed)
    {
        // A power cut never looks like damage: not even where nothing was promised yet.
        var keys = KeyStore.Open(left, StateWorld.Folder.Keys);
        world.Keys.Check(keys is null ? "" : StateWorld.Describe(keys.Keys), completed, "keys");
        world.Running.Check(left.Exists(StateWorld.Folder.Running), completed, "running");
        world.Interval.Check(IntervalOverrides.Load(left, StateWorld.Folder.Intervals).GetValueOrDefault("cpu"), completed, "interval");
        using var state = world.Open(left);
        world.Enrolled.Check(state?.Membership.DeviceId.ToString() ?? "", completed, "enrolment");
        if (state is null)
        {
            return;
        }

        Assert.False(state.FleetTrust.WasLost);
        Assert.False(state.Trust.WasLost);
        Assert.Equal(0, state.Journal.DamagedBytes);
        Assert.False(state.Executions.WasLost);
        Assert.False(new LogWitness(left, StateWorld.Folder.Witness, state.FleetTrust, new SecurityLog(), new RecordedEvents(), TimeProvider.System).WasLost);
        Assert.False(state.Twin.WasLost);
        world.Desired.Check(state.Twin.Document?.State.Version ?? 0, completed, "desired state");
        world.DesiredTold.Check(state.Twin.Told.ReportNo, completed, "number of a report of the desired state");
        world.RosterVersion.Check(state.FleetTrust.Current.Roster.Version, completed, "roster");
        world.DownEpoch.Check(StateWorld.DownEpochNo(state.Trust), completed, "floor of control's epochs");
        world.Stated.Check(state.Trust.Trust.Time.StatedUnixMs ?? 0, completed, "time that was stated");
        CheckCommands(world, state, completed);
        CheckRecords(world, state, completed);
        CheckExecutions(world, state, completed);
        state.Run.Begin();
        state.Run.End();
    }

    private static void CheckCommands(StateWorld world, AgentState state, int completed)
    {
        foreach (var (id, expected) in world.Commands)
        {
            expected.Check(state.Journal.TryGet(id, out var known) ? known.State : null, completed, "command " + id);
        }

        foreach (var (id, expected) in world.Waiting)
        {
            var waiting = state.Journal.Waiting.FirstOrDefault(command => command.Id == id);
            expected.Check(waiting is not null, completed, "waiting command " + id);
            Assert.True(waiting is null || (waiting.State == CommandState.Accepted && waiting.Delivery.IsFor(state.Membership.DeviceId)));
        }

        world.Floor.Check(state.Journal.Floor(world.Issuer), completed, "floor of commands");
    }

    /// <summary>Nothing that was signed has another meaning now, and each command that the journal knows is in the record.</summary>
    private static void CheckExecutions(StateWorld world, AgentState state, int completed)
    {
        foreach (var command in state.Journal.Newest(int.MaxValue))
        {
            if (command.State != CommandState.Running)
            {
                Assert.Equal(command.State, world.Recorded(state, completed).Last(one => one.CommandId == command.Id).State);
            }
        }

        world.CheckSigned(state, completed);
    }

    /// <summary>A start after the power cut: no number of an epoch again, no sample twice.</summary>
    private static void CheckRecords(StateWorld world, AgentState state, int completed)
    {
        using var writer = world.Writer(state);
        Assert.True(writer.TryOpen());
        foreach (var (number, at) in world.Epochs)
        {
            Assert.True(at > completed || number < writer.EpochNo, $"epoch number {number} again");
        }

        StateWorld.Recover(world.Flusher(state, writer, new MetricAccumulator(10)));
        state.Spool.Sync();
        Assert.False(state.Epochs.WasDamaged);
        var found = world.SealedSamples(state.Spool);
        Assert.Equal(found.Distinct().Count(), found.Count);
        Assert.Empty(state.Spool.OutstandingGaps());
        Assert.DoesNotContain(state.Spool.TakeProblems(), problem => problem.Kind != SpoolProblemKind.TornTail);
    }
}
