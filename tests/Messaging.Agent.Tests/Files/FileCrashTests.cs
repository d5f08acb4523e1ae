using Messaging.Agent.Files;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Files;

/// <summary>The power is cut at every operation from the moment in which a file is taken to the one in which it is forgotten.</summary>
public sealed class FileCrashTests
{
    private const string Name = "a.bin";
    private static readonly StateFleet Fleet = new();

    [Fact]
    public void File_AfterAPowerCutAtEachOperation_ArrivesWholeAndIsDeletedOnlyThen()
    {
        var content = Content((3 * FileSealer.ChunkSize) + 5);
        var disk = FileWorld.Disk((Name, content));
        var state = new StateWorld(disk, Fleet);
        state.Enrol();
        var began = disk.Operations;
        int taken, stored;
        var first = new FileServer();
        using (var world = new FileWorld(state, disk, first, new FakeTimeProvider()))
        {
            world.Take(Name);
            taken = disk.Operations;
            world.Courier.Recover();
            world.Turn();
            world.Deliver();
            stored = disk.Operations;
            world.Turn();
        }

        Assert.Equal(content, first.Stored[Name]);
        Assert.Equal([0, 1, 2, 3], first.Came.Select(one => one.Index));
        PowerCuts.Each(disk, 7, began, int.MaxValue, (left, completed, _) =>
        {
            var server = completed >= stored ? first : new FileServer();
            var time = new FakeTimeProvider();
            using var world = new FileWorld(state, left, server, time);
            world.Courier.Recover();
            world.Deliver();
            Assert.Equal(server.Came.Distinct().Count(), server.Came.Count);
            world.Finish();

            if (left.Exists(Path.Combine(FileWorld.Folder.Files, Name)))
            {
                Assert.True(completed < taken);
                Assert.Equal(content, left.Content(Path.Combine(FileWorld.Folder.Files, Name)));
            }
            else
            {
                Assert.Equal(content, server.Stored[Name]);
            }

            Assert.DoesNotContain(left.Names, name => name.StartsWith(FileWorld.Folder.Queue, StringComparison.Ordinal));
            Assert.Empty(world.State.Spool.Checkpoints(FileProgress.KeyPrefix));
            Assert.Empty(server.Ended);
        });
    }

    internal static byte[] Content(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)((i * 7) + (i >> 9)))];
}
