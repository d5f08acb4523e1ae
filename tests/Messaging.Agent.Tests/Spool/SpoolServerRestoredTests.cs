using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;

namespace Messaging.Agent.Tests.Spool;

/// <summary>The server says that it has less than it had confirmed.</summary>
public sealed class SpoolServerRestoredTests
{
    private static readonly SpoolLimits Small = new() { SegmentBytes = 2000, MaxBytes = 80_000 };

    [Fact]
    public void FallBack_WhenSomeIsDeleted_SendsAgainWhatIsHereAndNamesTheRest()
    {
        var script = Confirmed(new FaultDisk(), 30);
        var store = script.Store!;

        Assert.True(store.FallBack(script.Epoch, SpoolScript.Logs, 4));

        var here = SpoolScript.ReadAll(store).Select(item => item.Record.Seq).ToArray();
        var gap = Assert.Single(store.OutstandingGaps());
        Assert.Equal(new SpoolGap(Key(script), new SeqRange(5, here[0] - 1), GapReason.ServerRestored), gap);
        Assert.InRange(here[0], 6UL, 30UL);
        Assert.Equal(Enumerable.Range((int)here[0], 31 - (int)here[0]).Select(seq => (ulong)seq), here);
        Assert.False(store.IsAcked(new SpoolRecord(Key(script), 5)));
        Assert.Equal(here.Length, store.Counts().UnackedRecords);
        Assert.NotNull(store.Counts().OldestUnackedAt);
        Assert.Equal(script.Epoch, Assert.Single(store.EpochsToOpen()).Id);
        Assert.Equal(SpoolProblemKind.ServerRestored, Assert.Single(store.TakeProblems()).Kind);
    }

    [Fact]
    public void FallBack_ToNothing_NamesEverythingThatIsDeleted()
    {
        var script = Confirmed(new FaultDisk(), 30);

        Assert.True(script.Store!.FallBack(script.Epoch, SpoolScript.Logs, 0));

        Assert.Equal(1UL, Assert.Single(script.Store.OutstandingGaps()).Range.From);
        Assert.Equal(0UL, script.Store.AckedThrough(Key(script)));
    }

    [Fact]
    public void FallBack_ToWhatIsStillHere_LeavesNoGap()
    {
        var script = Confirmed(new FaultDisk(), 30);
        Assert.True(script.Store!.FallBack(script.Epoch, SpoolScript.Logs, 29));

        Assert.Empty(script.Store.OutstandingGaps());
        Assert.Equal(30UL, Assert.Single(SpoolScript.ReadAll(script.Store)).Record.Seq);
    }

    [Fact]
    public void FallBack_SaidAgain_IsNoNewsAndNotesTheRangeOnce()
    {
        var script = Confirmed(new FaultDisk(), 30);
        Assert.True(script.Store!.FallBack(script.Epoch, SpoolScript.Logs, 4));
        var gaps = script.Store.OutstandingGaps();

        Assert.False(script.Store.FallBack(script.Epoch, SpoolScript.Logs, 4));
        Assert.False(script.Store.FallBack(script.Epoch, SpoolScript.Logs, 7));

        Assert.Equal(gaps, script.Store.OutstandingGaps());
    }

    [Fact]
    public void FallBack_OfAnOlderBackupStill_AddsOnlyWhatIsNotNamedYet()
    {
        var script = Confirmed(new FaultDisk(), 30);
        script.Store!.FallBack(script.Epoch, SpoolScript.Logs, 4);
        var named = Assert.Single(script.Store.OutstandingGaps());

        Assert.True(script.Store.FallBack(script.Epoch, SpoolScript.Logs, 2));

        Assert.Equal([named, named with { Range = new SeqRange(3, 4) }], script.Store.OutstandingGaps());
    }

    [Theory]
    [InlineData(30)]
    [InlineData(31)]
    public void FallBack_ToWhatIsConfirmedOrMore_ChangesNothing(ulong through)
    {
        var script = Confirmed(new FaultDisk(), 30);

        Assert.False(script.Store!.FallBack(script.Epoch, SpoolScript.Logs, through));

        Assert.Empty(script.Store.OutstandingGaps());
        Assert.Equal(30UL, script.Store.AckedThrough(Key(script)));
    }

    [Fact]
    public void FallBack_WhereNothingWasConfirmed_ChangesNothing()
    {
        var script = new SpoolScript(new FaultDisk(), Small);
        script.Open();
        script.Append(SpoolScript.Logs, 20, durable: true);

        Assert.False(script.Store!.Ack(script.Epoch, SpoolScript.Logs, 0));
        Assert.False(script.Store.FallBack(script.Epoch, SpoolScript.Logs, 0));
        Assert.False(script.Store.FallBack(script.Epoch, SpoolScript.Events, 0));

        Assert.Empty(script.Store.OutstandingGaps());
    }

    [Fact]
    public void RetireGap_AfterAFallBack_ConfirmsTheHoleAndNothingElse()
    {
        var script = Confirmed(new FaultDisk(), 30);
        script.Store!.FallBack(script.Epoch, SpoolScript.Logs, 4);
        var gap = Assert.Single(script.Store.OutstandingGaps());

        script.Store.RetireGap(gap);

        Assert.Empty(script.Store.OutstandingGaps());
        Assert.Equal(gap.Range.To, script.Store.AckedThrough(Key(script)));
        Assert.True(script.Store.Ack(script.Epoch, SpoolScript.Logs, 30));
        Assert.Equal(0, script.Store.Counts().UnackedRecords);
    }

    [Fact]
    public void FallBack_BeforeAPowerCut_IsFoundAgainWithItsReason()
    {
        var disk = new FaultDisk();
        var script = Confirmed(disk, 30);
        script.Store!.FallBack(script.Epoch, SpoolScript.Logs, 4);
        Assert.True(script.Append(SpoolScript.Events, 20, durable: true));
        script.Store.SaveAcks();

        var after = SpoolStore.Open(disk.Restart(), SpoolScript.Folder, Small, script.Time);

        Assert.Equal(script.Store.OutstandingGaps(), after.OutstandingGaps());
        Assert.Equal(4UL, after.AckedThrough(Key(script)));
        Assert.False(after.FallBack(script.Epoch, SpoolScript.Logs, 4));
    }

    [Fact]
    public void IsNewestAck_OfWhatWasSaidEarlier_IsFalse()
    {
        var store = Confirmed(new FaultDisk(), 1).Store!;

        Assert.True(store.IsNewestAck(new AckPosition(default, 7, 5)));
        Assert.False(store.IsNewestAck(new AckPosition(default, 7, 5)));
        Assert.False(store.IsNewestAck(new AckPosition(default, 7, 4)));
        Assert.False(store.IsNewestAck(new AckPosition(default, 6, 900)));
        Assert.True(store.IsNewestAck(new AckPosition(default, 7, 6)));
        Assert.True(store.IsNewestAck(new AckPosition(default, 8, 1)));
    }

    [Fact]
    public void IsNewestAck_OfARepetitionAfterARestart_IsFalse()
    {
        var disk = new FaultDisk();
        var script = Confirmed(disk, 2);
        Assert.True(script.Store!.IsNewestAck(new AckPosition(default, 7, 5)));
        script.Append(SpoolScript.Logs, 20, durable: true);
        script.Ack(SpoolScript.Logs, 3);
        script.Store.Dispose();

        var after = SpoolStore.Open(disk.Restart(), SpoolScript.Folder, Small, script.Time);

        Assert.Equal(3UL, after.AckedThrough(Key(script)));
        Assert.False(after.IsNewestAck(new AckPosition(default, 7, 5)));
        Assert.True(after.IsNewestAck(new AckPosition(default, 7, 6)));
    }

    private static SpoolScript Confirmed(FaultDisk disk, int records)
    {
        var script = new SpoolScript(disk, Small);
        script.Open();
        for (var i = 0; i < records; i++)
        {
            Assert.True(script.Append(SpoolScript.Logs, 200, durable: true));
        }

        script.Ack(SpoolScript.Logs, (ulong)records);
        return script;
    }

    private static StreamKey Key(SpoolScript script) => new(script.Epoch, SpoolScript.Logs);
}
