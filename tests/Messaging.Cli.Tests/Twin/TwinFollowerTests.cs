using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Twin;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Cli.Tests.Twin;

public sealed class TwinFollowerTests
{
    private static readonly FakeTimeProvider Time = new() { AutoAdvanceAmount = TimeSpan.Zero };

    [Fact]
    public async Task Follow_UntilItIsConverged_SaysEachStepOnce()
    {
        TwinReply[] replies = [Reply("pending"), Reply("pending"), Reply("converging", "app a: waits"), Reply("converged")];
        using var said = new StringWriter();
        var at = 0;

        var end = await Run(new TwinFollower(_ => Task.FromResult(replies[at++]), Time, said), TimeSpan.FromMinutes(1));

        Assert.Equal("converged", end.State);
        Assert.Equal(["pending: version 3 is on its way (command sent)", "converging: 0 of 1 converged; app a: waits"], Lines(said));
    }

    [Fact]
    public async Task Follow_AServerThatIsAwayForAMoment_GoesOn()
    {
        var asked = 0;
        using var said = new StringWriter();

        var end = await Run(
            new TwinFollower(_ => ++asked == 1 ? throw new CliException("away", ExitCodes.Unavailable) : Task.FromResult(Reply("failed")), Time, said), TimeSpan.FromMinutes(1));

        Assert.Equal(("failed", "away Still trying."), (end.State, Lines(said).Single()));
    }

    [Fact]
    public async Task Follow_WhenTheTimeIsUp_SaysWhatItWaitsFor()
    {
        using var said = new StringWriter();

        var error = await Assert.ThrowsAsync<CliException>(() => Run(new TwinFollower(_ => Task.FromResult(Reply("converging", "app a: waits")), Time, said), TimeSpan.FromSeconds(2)));

        Assert.Contains("app a: waits", error.Message, StringComparison.Ordinal);
    }

    private static async Task<TwinReply> Run(TwinFollower follower, TimeSpan longest)
    {
        var following = follower.FollowAsync(longest, TestContext.Current.CancellationToken);
        while (!following.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await following;
    }

    private static string[] Lines(StringWriter said) => said.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private static TwinReply Reply(string state, string? waits = null) => new(
        "d", state, new TwinReply.DesiredReply(3, default, "c", null, "alice", default, "sent"),
        state == "pending" ? null : new TwinReply.ReportedReply(3, true, default, null, waits is null ? [] : [new("app", "a", "converging", 0, null, "waits", null)]), null);
}
