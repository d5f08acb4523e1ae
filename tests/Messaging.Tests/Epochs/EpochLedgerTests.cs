using Messaging.Epochs;
using Messaging.Fuzz;
using Messaging.Streams;

namespace Messaging.Tests.Epochs;

public sealed class EpochLedgerTests
{
    [Fact]
    public void Admit_TenEpochsInAnyOrder_AreAllNew()
    {
        var ledger = new EpochLedger();

        foreach (var number in (ulong[])[7, 3, 10, 1, 9, 2, 8, 4, 6, 5])
        {
            Assert.Equal(EpochAdmission.New, ledger.Admit(number, Samples.Epoch((byte)number)));
        }

        Assert.Equal(10UL, ledger.Highest);
        Assert.Equal(10, ledger.Known.Count);
    }

    [Fact]
    public void Admit_SameAgainOrAnotherUnderItsNumber_IsKnownOrAConflict()
    {
        var ledger = new EpochLedger();
        ledger.Admit(5, Samples.Epoch(5));

        Assert.Equal(EpochAdmission.Known, ledger.Admit(5, Samples.Epoch(5)));
        Assert.Equal(EpochAdmission.Conflict, ledger.Admit(5, Samples.Epoch(6)));
        Assert.Single(ledger.Known);
    }

    [Fact]
    public void Admit_AtOrBelowTheFloor_IsStale()
    {
        var ledger = new EpochLedger(floor: 5);

        Assert.Equal(EpochAdmission.Stale, ledger.Admit(5, Samples.Epoch(5)));
        Assert.Equal(EpochAdmission.New, ledger.Admit(6, Samples.Epoch(6)));
        Assert.Equal([Samples.Epoch(6)], ledger.RaiseFloor(6));
        Assert.Equal(EpochAdmission.Stale, ledger.Admit(6, Samples.Epoch(6)));
        ledger.RaiseFloor(1);
        Assert.Equal(6UL, ledger.Floor);
        Assert.Equal(6UL, ledger.Highest);
    }

    [Fact]
    public void Admit_OnADevice_RisesAndKeepsThree()
    {
        var ledger = new EpochLedger(rising: true);
        for (byte number = 1; number <= 5; number++)
        {
            Assert.Equal(EpochAdmission.New, ledger.Admit(number, Samples.Epoch(number)));
            ledger.KeepNewest(3);
        }

        Assert.Equal([3UL, 4UL, 5UL], ledger.Known.Select(static pair => pair.Key));
        Assert.Equal(EpochAdmission.Stale, ledger.Admit(2, Samples.Epoch(2)));
        Assert.Equal(EpochAdmission.Known, ledger.Admit(4, Samples.Epoch(4)));
        Assert.Equal(EpochAdmission.New, ledger.Admit(9, Samples.Epoch(9)));
        Assert.Equal(EpochAdmission.Stale, ledger.Admit(8, Samples.Epoch(8)));
    }

    [Fact]
    public void IsFinished_EveryStreamThatCounts_HasComeToItsEnd()
    {
        StreamSeq[] last = [new(StreamId.Metrics, 5), new(StreamId.Logs, 2), new(StreamId.Volatile, 99)];

        Assert.True(EpochLedger.IsFinished(last, static stream => stream == StreamId.Metrics ? 5UL : stream == StreamId.Logs ? 2UL : 0));
        Assert.False(EpochLedger.IsFinished(last, static stream => stream == StreamId.Metrics ? 4UL : 2));
        Assert.True(EpochLedger.IsFinished([], static _ => 0));
    }
}
