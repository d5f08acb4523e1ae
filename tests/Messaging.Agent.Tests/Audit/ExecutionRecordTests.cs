using Messaging.Agent.Audit;
using Messaging.Agent.Commands;
using Messaging.Agent.Tests.Commands;
using Messaging.Agent.Tests.Disk;
using Messaging.Audit;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Audit;

public sealed class ExecutionRecordTests
{
    private const string Path = "state/executions";
    private readonly Commanding _commands = new();

    [Fact]
    public void Add_OfStates_GivesOneChainOverRestarts()
    {
        var disk = new FaultDisk();
        var command = _commands.Make();
        ChainId id;
        ExecutionBatch first;
        using (var record = new ExecutionRecord(disk, Path))
        {
            Assert.True(record.Add(command, CommandState.Accepted, 1));
            id = record.Id;
            first = record.Unsigned(default, [], null, evenNone: false)!;
            record.MarkSigned(first.Last);
            Assert.Null(record.Unsigned(default, [], null, evenNone: false));
            record.Add(command, CommandState.Done, 2, [.. Enumerable.Repeat((byte)9, 32)]);
        }

        using var after = new ExecutionRecord(disk.Restart(), Path);

        Assert.Equal((id, 2L, 1L, false), (after.Id, after.Last, after.Signed, after.WasLost));
        var second = after.Unsigned(default, [], null, evenNone: false)!;
        Assert.Equal(2, second.First);
        Assert.Equal(first.Hashes()[0], second.Previous);
        Assert.Equal((CommandState.Done, command.Content.Id), (second.Entries[0].State, second.Entries[0].CommandId));
        Assert.Equal(Execution.DigestOf(command.Content), second.Entries[0].Digest);
        Assert.Equal([.. Enumerable.Repeat((byte)9, 32)], second.Entries[0].Recording!);
    }

    [Fact]
    public void Add_OfTheNewestStateAgain_AddsNothing()
    {
        using var record = new ExecutionRecord(new FaultDisk(), Path);
        var command = _commands.Make();

        Assert.True(record.Add(command, CommandState.Rejected, 1));
        Assert.True(record.Add(command, CommandState.Rejected, 2));

        Assert.Equal(1, record.Last);
    }

    [Fact]
    public void CatchUp_WhileTheDiskRefuses_SaysSoAndAddsEverythingLater()
    {
        var disk = new FaultDisk();
        using var journal = new CommandJournal(new FaultDisk(), Path);
        using var record = new ExecutionRecord(disk, Path);
        var (done, waiting) = (_commands.Make(), _commands.Make());
        journal.TryAccept(CommandDelivery.Of(done), BootId.Generate(), 1);
        journal.Move(done.Content.Id, CommandState.Done, 2);
        journal.TryAccept(CommandDelivery.Of(waiting), BootId.Generate(), 3);

        disk.Fail = _ => true;
        Assert.False(record.CatchUp(journal.Newest(int.MaxValue)));
        Assert.NotEqual("", record.Behind);
        Assert.Equal(0, record.Last);

        disk.Fail = null;
        Assert.True(record.CatchUp(journal.Newest(int.MaxValue)));
        Assert.Null(record.Behind);
        Assert.Equal(
            [(done.Content.Id, CommandState.Done), (waiting.Content.Id, CommandState.Accepted)],
            record.Unsigned(default, [], null, evenNone: false)!.Entries.Select(entry => (entry.CommandId, entry.State)));

        // What was seen before it ended does not begin again.
        Assert.True(record.Add(done, CommandState.Accepted, 4));
        Assert.Equal(2, record.Last);
    }

    [Fact]
    public void Add_OfMoreRejectionsThanTheSpoolTakes_LeavesRoomForWhatRan()
    {
        using var record = new ExecutionRecord(new FaultDisk(), Path);
        for (var i = 0; i < 1024; i++)
        {
            Assert.True(record.Add(_commands.Make(), CommandState.Rejected, 1));
        }

        Assert.False(record.Add(_commands.Make(), CommandState.Rejected, 1));
        Assert.True(record.Add(_commands.Make(), CommandState.Accepted, 1));
        Assert.Equal(1025, record.Last);
    }

    [Fact]
    public void Unsigned_OfMoreThanABatchHolds_ComesInPartsThatFollowEachOther()
    {
        var disk = new FaultDisk();
        using var record = new ExecutionRecord(disk, Path, keep: 100, rewriteBytes: 20_000);
        var previous = ChainHead.Start.Hash;
        long next = 1;
        for (var i = 0; i < 700; i++)
        {
            record.Add(_commands.Make(), CommandState.Accepted, i);
        }

        while (record.Unsigned(default, [], null, evenNone: false) is { } batch)
        {
            Assert.Equal((next, true), (batch.First, batch.Entries.Count <= ExecutionBatch.MaxEntries));
            Assert.Equal(previous, batch.Previous);
            (previous, next) = (batch.Hashes()[^1], batch.Last + 1);
            record.MarkSigned(batch.Last);
        }

        Assert.Equal(701, next);
        using var after = new ExecutionRecord(disk.Restart(), Path, keep: 100, rewriteBytes: 20_000);
        Assert.Equal((700, 700), (after.Last, after.Signed));
        Assert.Equal(previous, after.Unsigned(default, [], null, evenNone: true)!.Previous);
    }

    [Fact]
    public void Open_OfADamagedFile_BeginsAnotherRecord()
    {
        var disk = new FaultDisk();
        ChainId id;
        using (var record = new ExecutionRecord(disk, Path))
        {
            record.Add(_commands.Make(), CommandState.Accepted, 1);
            record.Add(_commands.Make(), CommandState.Accepted, 1);
            record.Unsigned(default, [], null, evenNone: false);
            id = record.Id;
        }

        using (var file = disk.Open(Path, create: false))
        {
            file.Write(60, [0xff, 0xff]);
        }

        using var after = new ExecutionRecord(disk, Path);

        Assert.True(after.WasLost);
        Assert.NotEqual(id, after.Id);
        Assert.Equal(0, after.Last);
        Assert.True(after.Add(_commands.Make(), CommandState.Accepted, 1));
    }

    [Fact]
    public void Open_AfterAPowerCutAtEachOperation_GivesNoSignedNumberASecondMeaning()
    {
        var disk = new CrashDisk("state");
        var signed = new List<(long Number, byte[] Hash, int At)>();
        using (var record = new ExecutionRecord(disk, Path, keep: 4, rewriteBytes: 1500))
        {
            for (var i = 0; i < 8; i++)
            {
                var command = _commands.Make();
                record.Add(command, CommandState.Accepted, 1);
                record.Add(command, CommandState.Done, 1);
                var batch = record.Unsigned(default, [], null, evenNone: false)!;
                var hashes = batch.Hashes();
                for (var k = 0; k < hashes.Length; k++)
                {
                    signed.Add((batch.First + k, hashes[k], disk.Operations));
                }

                record.MarkSigned(batch.Last);
            }
        }

        PowerCuts.Each(disk, 1, 0, int.MaxValue, (left, completed, _) =>
        {
            using var after = new ExecutionRecord(left, Path, keep: 4, rewriteBytes: 1500);
            Assert.False(after.WasLost);
            Assert.True(after.Last >= signed.Where(one => one.At <= completed).Select(one => one.Number).DefaultIfEmpty().Max());
            var batch = after.Unsigned(default, [], null, evenNone: true)!;
            var known = signed.ToLookup(one => one.Number, one => one.Hash);
            Assert.All(known[batch.First - 1], hash => Assert.Equal(hash, batch.Previous));
            foreach (var (hash, i) in batch.Hashes().Select((hash, i) => (hash, i)).Where(one => signed.Exists(s => s.Number == batch.First + one.i && s.At <= completed)))
            {
                Assert.Contains(known[batch.First + i], one => one.AsSpan().SequenceEqual(hash));
            }
        });
    }
}
