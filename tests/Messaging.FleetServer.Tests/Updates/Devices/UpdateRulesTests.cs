using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Updates.Devices;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Updates.Devices;

public sealed class UpdateRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(nameof(CommandState.Waiting), nameof(DeviceUpdateState.Pending))]
    [InlineData(nameof(CommandState.Sent), nameof(DeviceUpdateState.Pending))]
    [InlineData(nameof(CommandState.Accepted), nameof(DeviceUpdateState.Assigned))]
    [InlineData(nameof(CommandState.Running), nameof(DeviceUpdateState.Assigned))]
    [InlineData(nameof(CommandState.Done), nameof(DeviceUpdateState.Unproven))]
    [InlineData(nameof(CommandState.Failed), nameof(DeviceUpdateState.Unproven))]
    [InlineData(nameof(CommandState.Rejected), nameof(DeviceUpdateState.Rejected))]
    [InlineData(nameof(CommandState.Expired), nameof(DeviceUpdateState.Expired))]
    [InlineData(nameof(CommandState.Cancelled), nameof(DeviceUpdateState.Cancelled))]
    [InlineData(nameof(CommandState.Unknown), nameof(DeviceUpdateState.Unknown))]
    public void Follow_OfACommandAlone_NeverSaysThatItIsInstalled(string of, string follows)
    {
        var (command, expected) = (Enum.Parse<CommandState>(of), Enum.Parse<DeviceUpdateState>(follows));
        var row = Row();

        Assert.True(UpdateRules.Follow(row, Command(command), Now));

        Assert.Equal((expected, "a/b", "sha"), (row.State, row.Target, row.Sha256));
        Assert.False(UpdateRules.Follow(row, Command(command), Now));
    }

    [Fact]
    public void Apply_StatusesInAnyOrder_TheHighestNumberCounts()
    {
        var row = Row();
        UpdateRules.Follow(row, Command(CommandState.Accepted), Now);

        Assert.True(UpdateRules.Apply(row, Status(3, UpdateState.Staged, 60_000), Now));
        Assert.False(UpdateRules.Apply(row, Status(2, UpdateState.Downloading, 1000), Now));
        Assert.False(UpdateRules.Apply(row, Status(3, UpdateState.Failed, null), Now));

        Assert.Equal((DeviceUpdateState.Staged, Now.AddMinutes(1), Now), (row.State, row.DeadlineAt, row.Since));
        Assert.True(UpdateRules.Apply(row, Status(4, UpdateState.Staged, 60_000), Now.AddSeconds(5)));
        Assert.Equal((Now, Now.AddSeconds(5)), (row.Since, row.ReportedAt));
    }

    [Fact]
    public void Apply_AStatusThatIsFinal_IsUnprovenUntilTheReceiptIsThere()
    {
        var row = Row();
        UpdateRules.Apply(row, Status(1, UpdateState.Committed, null), Now);
        Assert.Equal((DeviceUpdateState.Unproven, Now + UpdateRules.ReceiptPatience), (row.State, row.DeadlineAt));
        UpdateRules.Follow(row, Command(CommandState.Done), Now);
        Assert.Equal(DeviceUpdateState.Unproven, row.State);

        Assert.True(UpdateRules.Apply(row, Receipt(UpdateState.Committed, 5), [4], Now.AddMinutes(1)));

        Assert.Equal((DeviceUpdateState.Committed, "app", "1.0.0", Now.AddMinutes(1)), (row.State, row.Name, row.Version, row.Since));
        Assert.Null(UpdateRules.SilentSince(row, Now.AddDays(9)));
    }

    [Fact]
    public void Apply_AReceipt_StandsAgainstWhateverComesLater()
    {
        var row = Row();
        Assert.True(UpdateRules.Apply(row, Receipt(UpdateState.Reverted, 5), [4], Now));

        Assert.False(UpdateRules.Apply(row, Status(9, UpdateState.Downloading, 1000), Now));
        Assert.False(UpdateRules.Apply(row, Receipt(UpdateState.Committed, 5), [4], Now));
        Assert.True(UpdateRules.Follow(row, Command(CommandState.Expired), Now));

        Assert.Equal((DeviceUpdateState.Reverted, UpdateReasons.Unhealthy), (row.State, row.Reason));
    }

    [Fact]
    public void Follow_AnEndByTime_GivesWayToALateWord()
    {
        var row = Row();
        UpdateRules.Follow(row, Command(CommandState.Unknown), Now);
        Assert.Equal(DeviceUpdateState.Unknown, row.State);

        UpdateRules.Follow(row, Command(CommandState.Running), Now);
        UpdateRules.Apply(row, Status(1, UpdateState.Checking, 1000), Now);

        Assert.Equal(DeviceUpdateState.Checking, row.State);
    }

    [Fact]
    public void SilentSince_BehindTheDeadlineAndItsGrace_IsWhenItWasLastHeard()
    {
        var row = Row();
        UpdateRules.Apply(row, Status(1, UpdateState.Downloading, 60_000), Now);
        var deadline = Now.AddMinutes(1) + UpdateRules.Grace;

        Assert.Null(UpdateRules.SilentSince(row, deadline));
        Assert.Equal(Now, UpdateRules.SilentSince(row, deadline.AddMilliseconds(1)));

        UpdateRules.Apply(row, Status(2, UpdateState.Waiting, null), Now);
        Assert.Null(UpdateRules.SilentSince(row, Now.AddYears(1)));
        UpdateRules.Apply(row, Status(3, UpdateState.Waiting, (ulong)9_007_199_254_740_991), Now);
        Assert.Null(row.DeadlineAt);
    }

    [Fact]
    public void Apply_AStatusThatWaitedOnTheDevice_CountsFromWhenItWasSaid()
    {
        var row = Row();
        UpdateRules.Apply(row, Status(1, UpdateState.Downloading, 60_000, Now.AddHours(-1)), Now);
        Assert.Equal(Now.AddHours(-1), UpdateRules.SilentSince(row, Now));

        // A clock that is ahead does not make it wait for longer.
        UpdateRules.Apply(row, Status(2, UpdateState.Downloading, 60_000, Now.AddYears(5)), Now);
        Assert.Equal(Now.AddMinutes(1), row.DeadlineAt);
    }

    [Fact]
    public void Brings_OnlyWhatIsCommittedAndHigher()
    {
        var have = new ComponentRow { DeviceId = "d", Name = "app", Kind = "agent", Version = "1.0.0", Counter = 5, Sha256 = "", CommandId = "c" };

        Assert.True(UpdateRules.Brings(Receipt(UpdateState.Committed, 0), null));
        Assert.True(UpdateRules.Brings(Receipt(UpdateState.Committed, 6), have));
        Assert.False(UpdateRules.Brings(Receipt(UpdateState.Committed, 5), have));
        Assert.False(UpdateRules.Brings(Receipt(UpdateState.Committed, 4), have));
        Assert.False(UpdateRules.Brings(Receipt(UpdateState.Reverted, 6), have));
        Assert.False(UpdateRules.Brings(Receipt(UpdateState.Failed, 6), null));
    }

    [Fact]
    public void Words_EachState_HasOne()
    {
        Assert.Equal(Enum.GetValues<DeviceUpdateState>().Length, DeviceUpdateStates.Words.Count);
        Assert.All(Enum.GetValues<DeviceUpdateState>(), state => Assert.Equal(state, DeviceUpdateStates.Parse(state.Word())));
        Assert.All(Enum.GetValues<UpdateState>(), state => Assert.Equal(state.IsFinal() ? "unproven" : state.Word(), DeviceUpdateStates.Said(state).Word()));
        Assert.All(Enum.GetValues<UpdateState>().Where(UpdateStates.IsFinal), state => Assert.Equal(state.Word(), DeviceUpdateStates.Signed(state).Word()));
        Assert.Null(DeviceUpdateStates.Parse("Committed"));
    }

    private static UpdateRow Row() => new() { DeviceId = "d", CommandId = "c", Since = Now };

    private static UpdateCommand Command(CommandState state) =>
        new("c", "d", false, "a/b", 7, "sha", false, Now, "tester", null, Now.AddDays(7), state, "", null);

    private static UpdateStatus Status(ulong number, UpdateState state, ulong? deadlineMs, DateTimeOffset? said = null) =>
        new() { CommandId = CommandId.Generate(), ReportNo = number, State = state, DeadlineMs = deadlineMs, UnixMs = said?.ToUnixTimeMilliseconds() };

    private static UpdateReceipt Receipt(UpdateState outcome, long counter) => new()
    {
        Device = default,
        CommandId = CommandId.Generate(),
        Kind = "agent",
        Name = "app",
        Version = "1.0.0",
        Counter = counter,
        Sha256 = new byte[32],
        Outcome = outcome,
        Reason = outcome == UpdateState.Committed ? "" : UpdateReasons.Unhealthy,
        BootId = BootId.Generate(),
    };
}
