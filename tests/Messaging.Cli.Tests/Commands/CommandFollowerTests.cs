using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Tests.Support;

namespace Messaging.Cli.Tests.Commands;

public sealed class CommandFollowerTests : IDisposable
{
    private readonly FastTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly StringWriter _progress = new();

    public void Dispose() => _progress.Dispose();

    [Fact]
    public async Task Follow_UntilItHasEnded_SaysEachStepOnce()
    {
        var replies = new Queue<CommandReply>(
        [
            Reply("waiting", waitingFor: "the device to connect"), Reply("waiting", waitingFor: "the device to connect"), Reply("running", progress: 0.5, message: "half"), Reply("done"),
        ]);

        var end = await FollowAsync(() => replies.Dequeue());

        Assert.True(end.IsDone);
        Assert.Equal(["waiting, waiting for the device to connect", "running 50%: half"], Lines);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("rejected")]
    [InlineData("expired")]
    [InlineData("unknown")]
    [InlineData("cancelled")]
    public async Task Follow_AnotherEnd_IsNotDone(string state) => Assert.False((await FollowAsync(() => Reply(state))).IsDone);

    [Fact]
    public async Task Follow_AServerThatIsAwayForAWhile_GoesOn()
    {
        var calls = 0;

        var end = await FollowAsync(() => ++calls < 100 ? throw new CliException("It cannot be reached.", ExitCodes.Unavailable) : Reply("done"));

        Assert.True(end.IsDone);
        Assert.Equal(["It cannot be reached. Still trying."], Lines);
    }

    [Fact]
    public async Task Follow_AServerThatStaysAway_GivesUp()
    {
        var refused = await Assert.ThrowsAsync<CliException>(() => FollowAsync(() => throw new CliException("It cannot be reached.", ExitCodes.Unavailable)));

        Assert.Equal(ExitCodes.Unavailable, refused.Code);
    }

    [Fact]
    public async Task Follow_AServerThatRefuses_GivesUpAtOnce()
    {
        var calls = 0;

        await Assert.ThrowsAsync<CliException>(() => FollowAsync(() => ++calls > 0 ? throw new CliException("It refuses.") : Reply("done")));
        Assert.Equal(1, calls);
    }

    private string[] Lines => _progress.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private static CommandReply Reply(string state, string? waitingFor = null, double? progress = null, string message = "") =>
        new("id", "ping", state, progress, null, message, "", false, waitingFor);

    private Task<CommandReply> FollowAsync(Func<CommandReply> get) =>
        new CommandFollower(_ => Task.FromResult(get()), _time, _progress).FollowAsync(TestContext.Current.CancellationToken);
}
