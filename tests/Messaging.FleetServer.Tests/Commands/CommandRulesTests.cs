using Messaging.Commands;
using Messaging.FleetServer.Commands;
using Messaging.Trust;
using Messaging.Updates.Releases;
using Messaging.Wire;
using CommandState = Messaging.FleetServer.Commands.CommandState;
using DeviceState = Messaging.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Commands;

public sealed class CommandRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CommandOptions Options = new();

    [Theory]
    [InlineData(0, (int)CommandState.Waiting, (int)CommandState.Expired)]
    [InlineData(0, (int)CommandState.Sent, (int)CommandState.Sent)]
    [InlineData(31, (int)CommandState.Sent, (int)CommandState.Expired)]
    [InlineData(31, (int)CommandState.Running, (int)CommandState.Running)]
    [InlineData(16 * 60, (int)CommandState.Accepted, (int)CommandState.Unknown)]
    [InlineData(16 * 60, (int)CommandState.Running, (int)CommandState.Unknown)]
    [InlineData(16 * 60, (int)CommandState.Done, (int)CommandState.Done)]
    public void Expire_AfterTheEnd_DependsOnHowFarItCame(int secondsAfterExpiry, int before, int after)
    {
        var command = Command((CommandState)before);
        command.LastReportAt = command.ExpiresAt;

        CommandRules.Expire(command, command.ExpiresAt.AddSeconds(secondsAfterExpiry), Options);

        Assert.Equal((CommandState)after, command.State);
        Assert.Equal(before != after, command.FinishedAt is not null);
    }

    [Theory]
    [InlineData(7 * 86_400, (int)CommandState.Running)]
    [InlineData(9 * 86_400, (int)CommandState.Unknown)]
    public void Expire_OfAnUpdate_WaitsAsLongAsTheDeviceHasForIt(int secondsAfter, int expected)
    {
        var update = new UpdateArguments { Target = "a", Length = 1, Sha256 = new byte[32], Seconds = 7 * 86_400 };
        var command = Command(CommandState.Running, CommandTypes.Update, update.Encode());
        command.LastReportAt = Now;

        CommandRules.Expire(command, Now.AddSeconds(secondsAfter), Options);

        Assert.Equal((CommandState)expected, command.State);
    }

    [Fact]
    public void Apply_AReportTwice_ChangesNothingTheSecondTime()
    {
        var command = Command(CommandState.Sent);
        var report = Report(1, DeviceState.Done);

        Assert.True(CommandRules.Apply(command, report, Now));
        Assert.False(CommandRules.Apply(command, report, Now));
    }

    [Fact]
    public void Apply_ReportsOutOfOrder_KeepsTheNewest()
    {
        var command = Command(CommandState.Sent);

        CommandRules.Apply(command, Report(2, DeviceState.Done), Now);
        CommandRules.Apply(command, Report(1, DeviceState.Running), Now);

        Assert.Equal(CommandState.Done, command.State);
    }

    [Fact]
    public void Apply_AnEndToldAgainWithoutItsOutput_TakesTheOutputOfTheFirstTelling()
    {
        var command = Command(CommandState.Sent);
        var first = Report(3, DeviceState.Done) with { Output = "ran\n"u8.ToArray(), OutputTruncated = true };

        Assert.True(CommandRules.Apply(command, Report(3, DeviceState.Done), Now));
        Assert.True(CommandRules.Apply(command, first, Now));
        Assert.False(CommandRules.Apply(command, first with { Output = "other"u8.ToArray() }, Now));

        Assert.Equal(("ran\n", true), (System.Text.Encoding.UTF8.GetString(command.Output), command.OutputTruncated));
    }

    [Fact]
    public void Apply_RunningAfterDone_StaysDone()
    {
        var command = Command(CommandState.Sent);
        CommandRules.Apply(command, Report(1, DeviceState.Done), Now);

        Assert.False(CommandRules.Apply(command, Report(2, DeviceState.Running), Now));
    }

    [Fact]
    public void IsDue_SentAndReopened_WaitsForTheShortestInterval()
    {
        var command = Command(CommandState.Sent);
        command.LastSentAt = Now;
        command.Attempts = 1;

        Assert.False(CommandRules.IsDue(command, Now.AddMilliseconds(500), Options, reopened: true));
        Assert.True(CommandRules.IsDue(command, Now.AddSeconds(1), Options, reopened: true));
        Assert.False(CommandRules.IsDue(command, Now.AddSeconds(9), Options, reopened: false));
        Assert.True(CommandRules.IsDue(command, Now.AddSeconds(10), Options, reopened: false));
    }

    [Fact]
    public void WaitingFor_EveryOpenState_IsAText()
    {
        Assert.Contains("2026", CommandRules.WaitingFor(Command(CommandState.Waiting), connected: false, Now, AnyTime, Now));
        Assert.NotNull(CommandRules.WaitingFor(Command(CommandState.Waiting), connected: true, null, AnyTime, Now));
        Assert.NotNull(CommandRules.WaitingFor(Command(CommandState.Sent), connected: true, Now, AnyTime, Now));
        Assert.Null(CommandRules.WaitingFor(Command(CommandState.Done), connected: true, Now, AnyTime, Now));
    }

    [Fact]
    public void WaitingFor_OneThatWasAcceptedOutsideOfItsWindow_NamesTheWindow()
    {
        var now = new DateTimeOffset(2026, 12, 4, 22, 40, 0, TimeSpan.Zero);
        PolicyRule saturday = AnyTime with { Windows = [new MaintenanceWindow(0b10_0000, 120, 120)] };
        var accepted = Command(CommandState.Accepted);
        Assert.Equal("the maintenance window Sat 02:00-04:00 UTC (in 3 h 20 min)", CommandRules.WaitingFor(accepted, true, now, saturday, now));
        Assert.Null(CommandRules.WaitingFor(accepted, true, now, saturday, now.AddHours(4)));
        Assert.Null(CommandRules.WaitingFor(accepted, true, now, AnyTime, now));
    }

    private static PolicyRule AnyTime => new(["*"], [], 1, []);

    private static CommandEntity Command(CommandState state, string type = CommandTypes.Ping, byte[]? args = null) => new()
    {
        Id = CommandId.Generate().ToString(),
        DeviceId = new string('0', 32),
        Type = type,
        ArgsJson = "{}",
        Args = args ?? [],
        State = state,
        CreatedAt = Now,
        CreatedBy = "tester",
        ExpiresAt = Now.AddMinutes(5),
    };

    private static CommandReport Report(uint number, DeviceState state) =>
        new(CommandId.Generate(), number, state, null, null, null, "", default, false);
}
