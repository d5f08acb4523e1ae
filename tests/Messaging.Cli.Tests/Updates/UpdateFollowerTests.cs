using Messaging.Cli.Hosting;
using Messaging.Cli.Updates;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Cli.Tests.Updates;

public sealed class UpdateFollowerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _said = new();

    public void Dispose() => _said.Dispose();

    [Fact]
    public async Task Follow_UntilItHasEnded_SaysEachStepOnce()
    {
        UpdateReply?[] replies = [null, Reply("pending"), Reply("pending"), Reply("downloading"), Reply("committed") with { Ended = true }];
        var at = 0;

        var end = await RunAsync(new UpdateFollower(_time, _said).FollowAsync(_ => Task.FromResult(replies[at++]), TestContext.Current.CancellationToken));

        Assert.Equal("committed", end.State);
        Assert.Equal(["pending: app 1.4.0", "downloading: app 1.4.0"], Lines().Select(static line => line.Split(',')[0]));
    }

    [Fact]
    public async Task Follow_ASet_EndsWhenAllHave()
    {
        UpdateTotalsReply?[] replies = [new(0, 0, null), Totals(1), Totals(2)];
        var at = 0;

        var end = await RunAsync(new UpdateFollower(_time, _said).FollowAsync(_ => Task.FromResult(replies[at++]), TestContext.Current.CancellationToken));

        Assert.True(end.IsCommitted);

        static UpdateTotalsReply Totals(int committed) => new(2, 0, new Dictionary<string, int> { ["committed"] = committed, ["checking"] = 2 - committed });
    }

    [Fact]
    public async Task Follow_AServerThatStaysAway_GivesUp()
    {
        var error = await Assert.ThrowsAsync<CliException>(() => RunAsync(
            new UpdateFollower(_time, _said).FollowAsync(_ => Task.FromException<UpdateReply?>(new CliException("away", ExitCodes.Unavailable)), TestContext.Current.CancellationToken)));

        Assert.Equal("away", error.Message);
        Assert.Equal(["away Still trying."], Lines());
    }

    private static UpdateReply Reply(string state) => UpdateTextTests.Reply(state);

    private string[] Lines() => _said.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private async Task<T> RunAsync<T>(Task<T> following)
    {
        while (!following.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        return await following;
    }
}
