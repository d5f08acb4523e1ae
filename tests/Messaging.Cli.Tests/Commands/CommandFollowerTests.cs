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

    [Fact]
    public async Task Follow_WithOutput_PrintsItAsItComesAndWaitsForTheRest()
    {
        using var printed = new StringWriter();
        using var errors = new StringWriter();
        var euro = "€"u8.ToArray();
        var replies = new Queue<CommandReply>([Reply("running"), Reply("running"), Reply("done")]);
        var outputs = new Queue<OutputReply>(
        [
            new([new(0, "output", [(byte)'a', .. euro[..1]])], 2, false, null), new([], 2, false, null),
            new([new(2, "output", [.. euro[1..], 0x1b]), new(5, "error", "bad"u8.ToArray())], 8, false, null), new([], 8, false, null),
            new([], 8, false, null),
            new([new(10, "output", "z"u8.ToArray())], 11, true, 20),
        ]);
        var asked = new List<int>();

        var end = await new CommandFollower(
            _ => Task.FromResult(replies.Dequeue()),
            (from, _) =>
            {
                asked.Add(from);
                return Task.FromResult(outputs.Dequeue());
            },
            new OutputPrinter(printed, errors, null),
            _time,
            _progress).FollowAsync(TestContext.Current.CancellationToken);

        Assert.True(end.IsDone);
        Assert.Equal("a€?z", printed.ToString());
        Assert.Equal(
            ["bad(2 bytes of the output are missing: the device could not keep them)", "(9 more bytes were not sent: the device's limit, or the command's, was reached)"],
            errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([0, 2, 2, 8, 8, 8], asked);
    }

    [Fact]
    public async Task Follow_OutputThatNeverEnds_GivesUpAfterAWhile()
    {
        var end = await new CommandFollower(
            _ => Task.FromResult(Reply("done")),
            (_, _) => Task.FromResult(new OutputReply([], 0, false, null)),
            new OutputPrinter(TextWriter.Null, TextWriter.Null, null),
            _time,
            _progress).FollowAsync(TestContext.Current.CancellationToken);

        Assert.True(end.IsDone);
    }

    private string[] Lines => _progress.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private static CommandReply Reply(string state, string? waitingFor = null, double? progress = null, string message = "") =>
        new("id", "ping", state, progress, null, message, "", false, waitingFor);

    private Task<CommandReply> FollowAsync(Func<CommandReply> get) =>
        new CommandFollower(_ => Task.FromResult(get()), null, new OutputPrinter(TextWriter.Null, TextWriter.Null, null), _time, _progress).FollowAsync(TestContext.Current.CancellationToken);
}
