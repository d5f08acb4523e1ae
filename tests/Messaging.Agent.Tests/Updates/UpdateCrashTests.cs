using System.Security.Cryptography;
using Messaging.Agent.Disk;
using Messaging.Agent.Tests.Disk;
using Messaging.Commands;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Tests.Updates;

/// <summary>The power is cut at every write of an update, of the agent's and of the helper's: it always ends, and what it says is what is there.</summary>
public sealed class UpdateCrashTests
{
    [Theory]
    [InlineData(null, 71)]
    [InlineData("it does not answer", 72)]
    public async Task PowerCut_AtEveryWrite_EndsCommittedOrAsItWas(string? problem, int seed)
    {
        using var releases = new TestReleases();
        var artifact = RandomNumberGenerator.GetBytes(70_000);
        var assigned = releases.Add("app/1.1.0/app.tar", artifact, ReleaseWriter.Write(TestReleases.Tree("1.1.0", 2)));
        var disk = new CrashDisk(".");
        UpdateWorld.Prepare(disk);
        var begins = disk.Operations;
        var world = new UpdateWorld(disk, releases) { Problem = problem };
        var result = await world.RunAsync(assigned, isFollowed: false, TestContext.Current.CancellationToken);
        var expected = problem is null ? UpdateState.Committed : UpdateState.Reverted;
        Assert.Equal(expected, Assert.Single(world.Receipts).Outcome);
        Assert.Equal(problem is null ? CommandState.Done : CommandState.Failed, result.State);

        var cuts = PowerCuts.Each(disk, seed, begins, disk.Operations, (found, _, place) =>
        {
            var after = new UpdateWorld(found, releases) { Problem = problem, Id = world.Id };
            var ended = after.RunAsync(assigned, isFollowed: true).GetAwaiter().GetResult();

            Assert.True(ended.State is CommandState.Done or CommandState.Failed, place);
            var receipt = Assert.Single(after.Receipts);
            Assert.True(receipt.Outcome == expected, $"{place}: {receipt}");
            Assert.Equal(problem is null ? "1.1.0" : "old", FakeHooks.Current(found, UpdateWorld.Root));
            var component = AtomicFile.Read(found, "root/components/app", 1024);
            Assert.Equal(problem is null, component is not null);
        });
        Assert.True(cuts > 100, $"{cuts} cuts");
    }
}
