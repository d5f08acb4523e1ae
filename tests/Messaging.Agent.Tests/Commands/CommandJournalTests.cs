using CsCheck;
using Messaging.Agent.Commands;
using Messaging.Agent.Tests.Disk;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Commands;

public sealed class CommandJournalTests
{
    private const string Path = "state/commands";
    private static readonly BootId Boot = BootId.Generate();

    [Fact]
    public void TryAccept_OfTheSameCommandOrAnEarlierNumber_IsNull()
    {
        var commands = new Commanding();
        using var journal = new CommandJournal(new FaultDisk(), Path);
        var first = commands.Make();
        var second = commands.Make();

        Assert.NotNull(journal.TryAccept(CommandDelivery.Of(second), Boot, 1));
        Assert.Null(journal.TryAccept(CommandDelivery.Of(second), Boot, 1));
        Assert.Null(journal.TryAccept(CommandDelivery.Of(first), Boot, 1));
        Assert.Equal(2UL, journal.Floor(commands.Issuer));
    }

    [Fact]
    public void Open_AfterARestart_KnowsStatesAndFloors()
    {
        var disk = new FaultDisk();
        var commands = new Commanding();
        using var journal = new CommandJournal(disk, Path);
        var running = commands.Make("reboot", idempotent: false);
        var done = commands.Make();
        journal.TryAccept(CommandDelivery.Of(running), Boot, 1);
        journal.Move(running.Content.Id, CommandState.Running, 2);
        journal.TryAccept(CommandDelivery.Of(done), Boot, 3);
        journal.Move(done.Content.Id, CommandState.Done, 4, "it is done", 7, [.. Enumerable.Repeat((byte)9, 32)]);

        using var after = new CommandJournal(disk.Restart(), Path);

        var unfinished = Assert.Single(after.Unfinished);
        Assert.Equal(running.Content.Id, unfinished.Id);
        Assert.Equal(Boot, unfinished.BootId);
        Assert.Equal(2u, unfinished.ReportNo);
        Assert.True(unfinished.Command.Verify(commands.Key.Public));
        Assert.True(after.TryGet(done.Content.Id, out var known));
        Assert.Equal((CommandState.Done, "it is done", 7, 4L), (known.State, known.Message, known.ExitCode!.Value, known.AtUnixMs!.Value));
        Assert.Equal([.. Enumerable.Repeat((byte)9, 32)], known.Recording!);
        Assert.Null(unfinished.Recording);
        Assert.Equal(2UL, after.Floor(commands.Issuer));
        Assert.Equal(0, after.DamagedBytes);
    }

    [Fact]
    public void CancellationsOf_ACommand_AreThoseThatAreKept()
    {
        var disk = new FaultDisk();
        var commands = new Commanding();
        using var journal = new CommandJournal(disk, Path, keep: 3);
        var id = CommandId.Generate();
        var dry = commands.Make(CommandTypes.Cancel, change: content => content with { Arguments = CancelArguments.Encode(id), DryRun = true });
        var first = commands.Make(CommandTypes.Cancel, change: content => content with { Arguments = CancelArguments.Encode(id) });
        var other = commands.Make(CommandTypes.Cancel, change: content => content with { Arguments = CancelArguments.Encode(CommandId.Generate()) });
        foreach (var command in new[] { dry, first, other })
        {
            journal.TryAccept(CommandDelivery.Of(command), Boot, 1);
            journal.Move(command.Content.Id, CommandState.Done, 2);
        }

        Assert.Equal(first.Content.Id, Assert.Single(journal.CancellationsOf(id)).Id);
        using (var after = new CommandJournal(disk.Restart(), Path, keep: 3))
        {
            Assert.Equal(first.Content.Id, Assert.Single(after.CancellationsOf(id)).Id);
        }

        // What is forgotten cancels nothing any more.
        foreach (var command in new[] { commands.Make(), commands.Make() })
        {
            journal.TryAccept(CommandDelivery.Of(command), Boot, 3);
            journal.Move(command.Content.Id, CommandState.Done, 4);
        }

        Assert.Empty(journal.CancellationsOf(id));
        Assert.Single(journal.CancellationsOf(CancelArguments.TryDecode(other.Content.Arguments.Span, out var cancelled) ? cancelled : default));
    }

    [Fact]
    public void TellAgain_WhileItRuns_TakesNumbersThatARestartKnows()
    {
        var disk = new FaultDisk();
        var commands = new Commanding();
        using var journal = new CommandJournal(disk, Path);
        var id = journal.TryAccept(CommandDelivery.Of(commands.Make()), Boot, 1)!.Id;
        Assert.Null(journal.TryTellAgain(id));
        journal.Move(id, CommandState.Running, 2);

        Assert.Equal(3u, journal.TryTellAgain(id)!.ReportNo);
        Assert.Equal(4u, journal.TryTellAgain(id)!.ReportNo);
        using var after = new CommandJournal(disk.Restart(), Path);

        Assert.Equal(5u, after.Move(id, CommandState.Unknown, 3).ReportNo);
        Assert.Null(after.TryTellAgain(id));
        Assert.Null(after.TryTellAgain(CommandId.Generate()));
    }

    [Fact]
    public void Open_AfterAPowerCutAtEachOperation_KnowsWhateverWasPromised()
    {
        var disk = new CrashDisk("state");
        var commands = new Commanding();
        var promised = new List<(CommandId Id, CommandState State, int At)>();
        using (var journal = new CommandJournal(disk, Path, keep: 4, rewriteBytes: 1500))
        {
            for (var i = 0; i < 12; i++)
            {
                var id = journal.TryAccept(CommandDelivery.Of(commands.Make()), Boot, 1)!.Id;
                promised.Add((id, CommandState.Accepted, disk.Operations));
                journal.Move(id, CommandState.Done, 1);
                promised.Add((id, CommandState.Done, disk.Operations));
            }
        }

        PowerCuts.Each(disk, 1, 0, int.MaxValue, (left, completed, _) =>
        {
            using var after = new CommandJournal(left, Path, keep: 4, rewriteBytes: 1500);
            var known = promised.Where(promise => promise.At <= completed).ToArray();
            foreach (var (id, state, _) in known.TakeLast(6))
            {
                Assert.True(after.TryGet(id, out var command));
                Assert.True(command.State >= state);
            }

            Assert.Equal(0, after.DamagedBytes);
            Assert.True(after.Floor(commands.Issuer) >= (ulong)known.Count(promise => promise.State == CommandState.Accepted));
            Assert.NotNull(after.TryAccept(CommandDelivery.Of(commands.Make()), Boot, 1));
        });
    }

    [Fact]
    public void Newest_BeyondTheLimit_ForgetsFinishedCommandsButNeverFloorsOrUnfinishedOnes()
    {
        var disk = new FaultDisk();
        var commands = new Commanding();
        using var journal = new CommandJournal(disk, Path, keep: 3, rewriteBytes: 2000);
        var first = commands.Make();
        journal.TryAccept(CommandDelivery.Of(first), Boot, 1);
        for (var i = 0; i < 30; i++)
        {
            var command = commands.Make();
            journal.TryAccept(CommandDelivery.Of(command), Boot, 1);
            journal.Move(command.Content.Id, CommandState.Done, 1);
        }

        Assert.InRange(journal.Newest(100).Count, 1, 4);
        Assert.Equal(first.Content.Id, Assert.Single(journal.Unfinished).Id);
        Assert.InRange(disk.Content(Path).Count, 1, 4000);
        using var after = new CommandJournal(disk.Restart(), Path);
        Assert.Equal(31UL, after.Floor(commands.Issuer));
        Assert.Equal(first.Content.Id, Assert.Single(after.Unfinished).Id);
    }

    [Fact]
    public void TryAccept_WhenTheDiskIsFull_ThrowsAndTheNextOneWorks()
    {
        var disk = new FaultDisk();
        var commands = new Commanding();
        using var journal = new CommandJournal(disk, Path);
        journal.TryAccept(CommandDelivery.Of(commands.Make()), Boot, 1);
        var command = commands.Make();
        disk.Fail = operation => operation is "write";

        Assert.Throws<IOException>(() => journal.TryAccept(CommandDelivery.Of(command), Boot, 1));

        disk.Fail = null;
        Assert.False(journal.TryGet(command.Content.Id, out _));
        Assert.NotNull(journal.TryAccept(CommandDelivery.Of(command), Boot, 1));
        using var after = new CommandJournal(disk.Restart(), Path);
        Assert.Equal(2, after.Unfinished.Count);
        Assert.Equal(0, after.DamagedBytes);
    }

    [Fact]
    public void Open_WithAnyByteChanged_GoesOnAndBelievesNothingElse() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample(
            (place, flip) =>
            {
                var disk = new FaultDisk();
                var commands = new Commanding();
                using (var journal = new CommandJournal(disk, Path))
                {
                    for (var i = 0; i < 4; i++)
                    {
                        var command = commands.Make();
                        journal.TryAccept(CommandDelivery.Of(command), Boot, 1);
                        journal.Move(command.Content.Id, CommandState.Done, 1);
                    }
                }

                var damaged = disk.Restart();
                var content = damaged.Content(Path);
                content[place % content.Count] ^= flip;
                using var after = new CommandJournal(damaged, Path);
                Assert.All(after.Newest(10), command => Assert.True(command.Command.Verify(commands.Key.Public)));
                Assert.NotNull(after.TryAccept(CommandDelivery.Of(commands.Make()), Boot, 1));
                using var next = new CommandJournal(damaged.Restart(), Path);
                Assert.Equal(0, next.DamagedBytes);
            },
            iter: 300,
            threads: 1);
}
