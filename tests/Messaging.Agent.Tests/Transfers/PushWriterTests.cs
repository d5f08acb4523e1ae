using Messaging.Agent.Disk;
using Messaging.Agent.Tests.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Transfers;

public sealed class PushWriterTests
{
    private static readonly byte[] Old = PushWorld.Content(900, seed: 3);
    private static readonly byte[] New = PushWorld.Content(5003);

    [Fact]
    public void Push_AfterAPowerCutAtEachOperation_LeavesTheOldFileOrTheNewOne()
    {
        var world = new PushWorld(PushWorld.NewDisk(Old));
        using (var writer = world.Writer(New, expected: Old))
        {
            Assert.NotNull(PushWorld.Push(writer, New));
            writer.End(keeps: false);
        }

        var done = world.Disk.Journal.FindLastIndex(static one => one.Kind == CrashOperationKind.SyncFolder && one.Path == PushWorld.Folder) + 1;
        var cuts = PowerCuts.Each(world.Disk, 11, 0, int.MaxValue, (left, completed, _) =>
        {
            var found = left.Content(PushWorld.Target);
            Assert.True(found.AsSpan().SequenceEqual(New) || (completed < done && found.AsSpan().SequenceEqual(Old)), $"{found.Length} bytes");

            // The next start deletes what was begun, also when a folder forgot that it is gone.
            var next = new PushWorld(left, BootId.Generate());
            Assert.False(next.Partials.WasLost);
            RunOnce(next);
            Assert.Equal([PushWorld.Target], next.Names);
        });
        Assert.True(cuts > 40, $"{cuts} cuts");
    }

    [Fact]
    public void Check_OfADiskThatDoesNotSyncFiles_FindsTheLoss() => Assert.Throws<CrashFoundException>(() =>
    {
        var names = new Dictionary<string, CrashInode> { [PushWorld.Target] = new([.. Old]) };
        var world = new PushWorld(new CrashDisk(names, [".", "state", PushWorld.Folder]) { IgnoresFileSync = true });
        using (var writer = world.Writer(New))
        {
            PushWorld.Push(writer, New);
        }

        PowerCuts.Each(world.Disk, 11, 0, int.MaxValue, (left, _, _) =>
        {
            var found = left.Content(PushWorld.Target);
            Assert.True(found.AsSpan().SequenceEqual(New) || found.AsSpan().SequenceEqual(Old));
        });
    });

    [Fact]
    public void Push_ThroughAKillAtEachOperation_LeavesNothingBeside()
    {
        var whole = Killed(int.MaxValue).Operations;
        for (var kill = 0; kill <= whole; kill++)
        {
            var disk = Killed(kill);
            var next = new PushWorld(Reopened(disk), BootId.Generate());
            RunOnce(next);
            Assert.Equal([PushWorld.Target], next.Names);
            Assert.True(next.Disk.Content(PushWorld.Target).AsSpan().SequenceEqual(Old) || next.Disk.Content(PushWorld.Target).AsSpan().SequenceEqual(New));
        }
    }

    [Fact]
    public void Begin_AfterTheAgentWasKilledInTheSameBoot_GoesOnWhereItWas()
    {
        var world = new PushWorld(PushWorld.NewDisk());
        var writer = world.Writer(New);
        writer.Begin(static () => { }, CancellationToken.None);
        PushWorld.Send(writer, New, 0, 2100);

        var next = new PushWorld(Reopened(world.Disk));
        RunOnce(next);
        using var again = next.Writer(New);
        Assert.Equal(2100, again.Begin(static () => { }, CancellationToken.None).Offset);
        PushWorld.Send(again, New, 2100, New.Length);
        Assert.NotNull(again.Finish(static () => true, CancellationToken.None));
        again.End(keeps: false);

        Assert.Equal(New, next.Disk.Content(PushWorld.Target));
        Assert.Equal([PushWorld.Target], next.Names);
    }

    [Fact]
    public void Begin_OfAnotherContent_BeginsAnew()
    {
        var world = new PushWorld(PushWorld.NewDisk());
        using (var writer = world.Writer(New))
        {
            writer.Begin(static () => { }, CancellationToken.None);
            PushWorld.Send(writer, New, 0, 1400);
            writer.End(keeps: true);
        }

        using var other = world.Writer(Old);
        Assert.Equal(0, other.Begin(static () => { }, CancellationToken.None).Offset);
        using var same = world.Writer(New);
        Assert.Equal(1400, same.Begin(static () => { }, CancellationToken.None).Offset);
    }

    [Fact]
    public void End_WhenItMayComeBack_KeepsFourAtMostAndEachForAWhile()
    {
        var world = new PushWorld(PushWorld.NewDisk());
        for (var i = 0; i < 7; i++)
        {
            using var writer = world.Writer(PushWorld.Content(3000, seed: i + 2));
            writer.Begin(static () => { }, CancellationToken.None);
            PushWorld.Send(writer, PushWorld.Content(3000, seed: i + 2), 0, 700);
            writer.End(keeps: true);
            world.Boot.UptimeMs += 1000;
        }

        Assert.Equal(4, world.Names.Count());
        world.Boot.UptimeMs += (ulong)TimeSpan.FromHours(1).TotalMilliseconds;
        RunOnce(world);
        Assert.Empty(world.Names);
    }

    [Fact]
    public void Write_OnAFullDisk_ChangesNothingAndLeavesNothing()
    {
        var world = new PushWorld(PushWorld.NewDisk(Old));
        var count = 0;
        using (var writer = world.Writer(New))
        {
            writer.Begin(static () => { }, CancellationToken.None);
            world.Disk.Fail = operation => operation == "write" && ++count == 3;
            Assert.Throws<IOException>(() => PushWorld.Send(writer, New, 0, New.Length));
            world.Disk.Fail = null;
        }

        Assert.Equal(Old, world.Disk.Content(PushWorld.Target));
        Assert.Equal([PushWorld.Target], world.Names);
    }

    [Fact]
    public void BeginAndWrite_WhereTooLittleStaysFree_RefuseAndLeaveNothing()
    {
        var world = new PushWorld(PushWorld.NewDisk());
        world.Disk.Size = new DiskSpace(100_000, 6000);
        using (var writer = world.Writer(New, keepFree: 1000))
        {
            Assert.Contains("Sessions:KeepFree", Assert.Throws<IOException>(() => writer.Begin(static () => { }, CancellationToken.None)).Message, StringComparison.Ordinal);
        }

        using (var writer = world.Writer(New, keepFree: 997))
        {
            writer.Begin(static () => { }, CancellationToken.None);
            PushWorld.Send(writer, New, 0, 700);
            world.Disk.Size = new DiskSpace(100_000, 900);
            Assert.Contains("Sessions:KeepFree", Assert.Throws<IOException>(() => PushWorld.Send(writer, New, 700, New.Length)).Message, StringComparison.Ordinal);
        }

        Assert.Empty(world.Names);
    }

    [Fact]
    public void Begin_WhereWhatIsKeptTakesTheRoom_DropsThat()
    {
        var world = new PushWorld(PushWorld.NewDisk());
        using (var kept = world.Writer(New))
        {
            kept.Begin(static () => { }, CancellationToken.None);
            PushWorld.Send(kept, New, 0, 700);
            kept.End(keeps: true);
        }

        world.Disk.Size = new DiskSpace(100_000, 500);
        using var writer = world.Writer(Old);
        Assert.Throws<IOException>(() => writer.Begin(static () => { }, CancellationToken.None));
        writer.End(keeps: false);

        Assert.Empty(world.Names);
    }

    [Fact]
    public void Finish_WithAnotherHash_ChangesNothing()
    {
        var world = new PushWorld(PushWorld.NewDisk(Old));
        using (var writer = world.Writer(New, sha256: new byte[32]))
        {
            Assert.Contains("not what was announced", Assert.Throws<IOException>(() => PushWorld.Push(writer, New)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(Old, world.Disk.Content(PushWorld.Target));
        Assert.Equal([PushWorld.Target], world.Names);
    }

    [Fact]
    public void Finish_WhenTheOldFileChangedMeanwhile_LeavesThat()
    {
        var world = new PushWorld(PushWorld.NewDisk(Old));
        using (var writer = world.Writer(New, expected: Old))
        {
            writer.Begin(static () => { }, CancellationToken.None);
            PushWorld.Send(writer, New, 0, New.Length);
            using (var other = world.Disk.Open(PushWorld.Target, create: false))
            {
                other.Write(0, "other"u8);
            }

            Assert.Contains("another one than was expected", Assert.Throws<IOException>(() => writer.Finish(static () => true, CancellationToken.None)).Message, StringComparison.Ordinal);
        }

        Assert.Equal("other"u8, world.Disk.Content(PushWorld.Target).AsSpan(0, 5));
        Assert.Equal([PushWorld.Target], world.Names);
    }

    [Fact]
    public void Begin_WhereNothingMustBe_RefusesBeforeAnythingIsSent()
    {
        var world = new PushWorld(PushWorld.NewDisk(Old));
        using var writer = world.Writer(New, mustBeNew: true);

        Assert.Contains("is there already", Assert.Throws<IOException>(() => writer.Begin(static () => { }, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Equal([PushWorld.Target], world.Names);
    }

    [Fact]
    public void Write_MoreThanWasAnnounced_IsRefused()
    {
        var world = new PushWorld(PushWorld.NewDisk());
        using (var writer = world.Writer(New))
        {
            writer.Begin(static () => { }, CancellationToken.None);
            PushWorld.Send(writer, New, 0, New.Length);
            Assert.Contains("announced", Assert.Throws<IOException>(() => writer.Write([1])).Message, StringComparison.Ordinal);
        }

        Assert.Empty(world.Names);
    }

    [Fact]
    public void Finish_BeforeTheEnd_ChangesNothing()
    {
        var world = new PushWorld(PushWorld.NewDisk());
        using (var writer = world.Writer(New))
        {
            writer.Begin(static () => { }, CancellationToken.None);
            PushWorld.Send(writer, New, 0, 700);
            Assert.Throws<IOException>(() => writer.Finish(static () => true, CancellationToken.None));
        }

        Assert.Empty(world.Names);
    }

    [Fact]
    public void Push_OfAnEmptyFile_MakesOne()
    {
        var world = new PushWorld(PushWorld.NewDisk());
        using (var writer = world.Writer([]))
        {
            Assert.NotNull(PushWorld.Push(writer, []));
            writer.End(keeps: false);
        }

        Assert.Empty(world.Disk.Content(PushWorld.Target));
    }

    [Fact]
    public async Task Begin_OfWhatAnotherOneWrites_TakesItsPlace()
    {
        var world = new PushWorld(PushWorld.NewDisk());
        using var first = world.Writer(New);
        var wasStopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        first.Begin(() => wasStopped.TrySetResult(), CancellationToken.None);
        PushWorld.Send(first, New, 0, 1400);
        using var second = world.Writer(New);
        var begins = Task.Run(() => second.Begin(static () => { }, CancellationToken.None), TestContext.Current.CancellationToken);

        await wasStopped.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        first.End(keeps: true);

        Assert.Equal(1400, (await begins.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Offset);
    }

    private static CrashDisk Killed(int at)
    {
        var names = new Dictionary<string, CrashInode> { [PushWorld.Target] = new([.. Old]) };
        var disk = new CrashDisk(names, [".", "state", PushWorld.Folder]) { KillAt = at };
        try
        {
            var world = new PushWorld(disk);
            var writer = world.Writer(New);
            PushWorld.Push(writer, New);
            writer.End(keeps: false);
        }
        catch (CrashDisk.KilledException)
        {
            // Nothing of the process runs any more.
        }

        return disk;
    }

    /// <summary>What the kernel has kept for the next process.</summary>
    private static CrashDisk Reopened(CrashDisk disk) => new(
        disk.Names.ToDictionary(static name => name, name => new CrashInode([.. disk.Content(name)])), [".", "state", PushWorld.Folder]);

    private static void RunOnce(PushWorld world)
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => world.Partials.RunAsync(stop.Token).GetAwaiter().GetResult());
    }
}
