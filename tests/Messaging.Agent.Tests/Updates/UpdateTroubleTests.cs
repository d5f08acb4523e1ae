using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Updates.Root;
using Messaging.Agent.Updates.State;
using Messaging.Commands;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Tests.Updates;

/// <summary>Updates while the disk or the helper refuse for a while: each ends, as what it is, and says so once it can be taken back by nothing.</summary>
public sealed class UpdateTroubleTests : IDisposable
{
    private const string Injected = "injected: rename";
    private readonly TestReleases _releases = new();
    private readonly FaultDisk _disk = new();

    public UpdateTroubleTests() => UpdateWorld.Prepare(_disk);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _releases.Dispose();

    [Theory]
    [InlineData(null, UpdateState.Committed)]
    [InlineData("unwell", UpdateState.Reverted)]
    public async Task End_ThatTheDiskRefuses_IsSignedWhenItIsDurable(string? problem, UpdateState expected)
    {
        UpdateState? durable = null;
        var world = new UpdateWorld(_disk, _releases) { Problem = problem, Signing = _ => durable = new UpdateStore(_disk, "state/updates").Last!.State };
        var refused = RefuseAfter(world, problem is null ? "commit" : "rollback", times: 5);

        await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal(0, refused());
        Assert.Equal(expected, durable);
        var (outcome, _, detail) = Assert.Single(world.Receipts);
        Assert.Equal(expected, outcome);
        Assert.DoesNotContain(Injected, detail, StringComparison.Ordinal);
        Assert.Contains(world.Told, one => one.Detail.Contains(Injected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rollback_ThatNeedsSeveralTries_SaysWhyItGoesBack()
    {
        var tries = 0;
        UpdateWorld world = null!;
        world = new UpdateWorld(_disk, _releases)
        {
            Problem = "unwell",
            Ask = request => request.Verb == UpdateVerb.Rollback && ++tries < 3
                ? throw new UpdateHelperException("The helper does not answer.")
                : world.DoAsync(request),
        };

        await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal(3, tries);
        Assert.Equal((UpdateState.Reverted, UpdateReasons.Unhealthy, "unwell"), Assert.Single(world.Receipts));
        Assert.Equal("old", FakeHooks.Current(_disk, UpdateWorld.Root));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_AfterTheSwitch_OnAFullDisk_GoesOn(bool isRecordLost)
    {
        using var stop = new CancellationTokenSource();
        var (world, assigned) = (new UpdateWorld(_disk, _releases), Assign());
        var stopped = new UpdateWorld(_disk, _releases) { Id = world.Id, Ask = request => Switched(world, request, stop) };
        stopped.Attach(world);
        Assert.Equal(CommandState.Running, (await stopped.RunAsync(assigned, isFollowed: false, stop.Token)).State);
        if (isRecordLost)
        {
            _disk.Delete("state/updates/update");
        }

        var left = 4;
        _disk.Fail = operation => operation == "rename" && left-- > 0;
        var result = await world.RunAsync(assigned, isFollowed: true, Ct);

        Assert.Equal(CommandState.Done, result.State);
        Assert.Equal(UpdateState.Committed, Assert.Single(world.Receipts).Outcome);
        Assert.True(left < 0);
    }

    [Fact]
    public async Task Assignment_ThatTheDiskDoesNotTake_IsRefusedByName()
    {
        var world = new UpdateWorld(_disk, _releases);
        _disk.Fail = static operation => operation == "rename";

        var result = await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal(CommandState.Failed, result.State);
        Assert.Equal((UpdateState.Failed, UpdateReasons.NoSpace, Injected), Assert.Single(world.Receipts));
        Assert.Empty(world.Hooks.Called);
    }

    [Fact]
    public async Task WhatWasFetched_ThatCannotBeDeleted_DoesNotChangeHowItEnded()
    {
        var world = new UpdateWorld(_disk, _releases);
        _disk.Fail = operation => operation == "delete" && world.Receipts.Count > 0;

        var result = await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal(CommandState.Done, result.State);
        Assert.Equal(UpdateState.Committed, Assert.Single(world.Receipts).Outcome);
    }

    private static async Task<UpdateAnswer> Switched(UpdateWorld world, UpdateRequest request, CancellationTokenSource stop)
    {
        var answer = await world.DoAsync(request);
        if (request.Verb == UpdateVerb.Switch)
        {
            await stop.CancelAsync();
        }

        return answer;
    }

    /// <summary>Renames are refused so often, from when a verb was called on; answers how many refusals are left.</summary>
    private Func<int> RefuseAfter(UpdateWorld world, string verb, int times)
    {
        _disk.Fail = operation =>
        {
            if (operation != "rename" || times == 0 || !world.Hooks.Called.Contains(verb))
            {
                return false;
            }

            times--;
            return true;
        };
        return () => times;
    }

    private UpdateArguments Assign() => _releases.Add("app/1.1.0/app.tar", new byte[100], ReleaseWriter.Write(TestReleases.Tree("1.1.0", 2)));
}
