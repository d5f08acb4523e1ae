using Messaging.Agent.Configuration;
using Messaging.Agent.Files;
using Messaging.Agent.Local;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Recordings;
using Messaging.Streams;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Files;

public sealed class FileCourierTests
{
    private static readonly StateFleet Fleet = new();

    [Fact]
    public void Turn_OfALargeFile_KeepsOnlyAWindowOfItInTheSpool()
    {
        var content = FileCrashTests.Content(100 * FileSealer.ChunkSize);
        var (disk, state) = Enrolled(("big.bin", content));
        var server = new FileServer();
        using var world = new FileWorld(state, disk, server, new FakeTimeProvider());
        world.Take("big.bin");
        world.Courier.Recover();

        world.Turn();
        world.Turn();
        Assert.Equal(FileCourier.Window, world.State.Spool.Waiting(StreamId.Files));

        world.Finish();
        Assert.Equal(content, server.Stored["big.bin"]);
        Assert.Equal(Enumerable.Range(0, 100), server.Came.Select(one => one.Index));
    }

    [Fact]
    public void Take_OfWhatPretendsToBeARecording_IsRefused()
    {
        var (disk, state) = Enrolled(("forged", FileCrashTests.Content(10)));
        using var world = new FileWorld(state, disk, new FileServer(), new FakeTimeProvider());

        var problem = world.Inbox.Take(new LocalRequest.File("forged", "forged", RecordingFormat.MediaType, []), new LocalSender(1, 1));

        Assert.Equal("application/vnd.messaging.recording is what the agent itself records", problem);
        Assert.True(disk.Exists(Path.Combine(FileWorld.Folder.Files, "forged")));
    }

    [Fact]
    public void Turn_SourceThatChangesMidway_EndsWithItsReason()
    {
        var (disk, state) = Enrolled(("grow.bin", FileCrashTests.Content(50 * FileSealer.ChunkSize)));
        var server = new FileServer();
        using var world = new FileWorld(state, disk, server, new FakeTimeProvider());
        world.Take("grow.bin");
        world.Courier.Recover();
        world.Turn();
        world.Deliver();
        var path = disk.Names.Single(name => name.StartsWith(FileWorld.Folder.Queue, StringComparison.Ordinal) && !name.EndsWith(".about", StringComparison.Ordinal));
        using (var file = disk.Open(path, create: false))
        {
            file.Write(file.Length, "more"u8);
        }

        // The crash disk has no folder of rejected files: the file goes as if somebody had taken it away.
        disk.Rename(path, Path.Combine(FileWorld.Folder.Drop, "elsewhere"));
        world.Finish();

        Assert.Equal("source-gone", Assert.Single(server.Ended).Reason);
        Assert.Equal("file.refused", Assert.Single(world.Events.All, one => one.Name == "file.refused").Name);
        Assert.Empty(world.State.Spool.Checkpoints(FileProgress.KeyPrefix));
    }

    [Fact]
    public void Turn_ChunksThatTheServerNeverGot_AreSealedAgainFromTheFile()
    {
        var content = FileCrashTests.Content(6 * FileSealer.ChunkSize);
        var (disk, state) = Enrolled(("lost.bin", content));
        using (var world = new FileWorld(state, disk, new FileServer(), new FakeTimeProvider()))
        {
            world.Take("lost.bin");
            world.Courier.Recover();
            world.Turn();

            // All is acknowledged, as lost as by a gap, and nothing of it came.
            world.Deliver(answer: false);
        }

        var server = new FileServer();
        using var later = new FileWorld(state, disk, server, new FakeTimeProvider());
        later.Courier.Recover();
        later.Finish();

        Assert.Equal(content, server.Stored["lost.bin"]);
    }

    [Fact]
    public void Turn_BeyondTheDaysBytes_WaitsForTheNextDay()
    {
        var content = FileCrashTests.Content(10 * FileSealer.ChunkSize);
        var (disk, state) = Enrolled(("day.bin", content));
        var server = new FileServer();
        var options = new AgentOptions { Device = new() { State = "state" }, Files = new FilesOptions { DayBytes = 4 * FileSealer.ChunkSize } };
        using (var world = new FileWorld(state, disk, server, new FakeTimeProvider(), options))
        {
            world.Take("day.bin");
            world.Courier.Recover();
            world.Finish(5);
            Assert.Equal(4, server.Came.Count);
        }

        // What was used is remembered.
        using (var again = new FileWorld(state, disk, server, new FakeTimeProvider(), options))
        {
            again.Courier.Recover();
            again.Finish(5);
            Assert.Equal(4, server.Came.Count);
        }

        using var unlimited = new FileWorld(state, disk, server, new FakeTimeProvider());
        unlimited.Courier.Recover();
        unlimited.Finish();
        Assert.Equal(content, server.Stored["day.bin"]);
    }

    [Fact]
    public void Recover_DamagedOrForeignThingsInTheQueue_AreNoReasonToFail()
    {
        var (disk, state) = Enrolled();
        Put(disk, "x.about.new", "half");
        Put(disk, new string('a', 32) + ".about", "damaged words without a file");
        Put(disk, new string('b', 32), "a file without words");
        var server = new FileServer();
        using var world = new FileWorld(state, disk, server, new FakeTimeProvider());
        world.Courier.Recover();
        world.Finish();

        Assert.Equal("a file without words"u8.ToArray(), server.Stored[new string('b', 32)]);
        Assert.DoesNotContain(disk.Names, name => name.StartsWith(FileWorld.Folder.Queue, StringComparison.Ordinal));
    }

    private static (CrashDisk Disk, StateWorld State) Enrolled(params (string Name, byte[] Content)[] files)
    {
        var disk = FileWorld.Disk(files);
        var state = new StateWorld(disk, Fleet);
        state.Enrol();
        return (disk, state);
    }

    private static void Put(CrashDisk disk, string name, string content)
    {
        using var file = disk.Open(Path.Combine(FileWorld.Folder.Queue, name), create: true);
        file.Write(0, System.Text.Encoding.UTF8.GetBytes(content));
    }
}
