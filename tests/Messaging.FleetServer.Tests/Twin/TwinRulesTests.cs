using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Twin;
using Messaging.Twin;

namespace Messaging.FleetServer.Tests.Twin;

public sealed class TwinRulesTests
{
    [Fact]
    public void StateOf_TheWorstProperty_Decides()
    {
        Assert.Equal(TwinState.None, TwinRules.StateOf(null, null));
        Assert.Equal(TwinState.Pending, TwinRules.StateOf(1, null));
        Assert.Equal(TwinState.Pending, TwinRules.StateOf(3, Report(2, PropertyState.Failed)));
        Assert.Equal(TwinState.Converged, TwinRules.StateOf(2, Report(2)));
        Assert.Equal(TwinState.Converged, TwinRules.StateOf(null, Report(2, PropertyState.Converged)));
        Assert.Equal(TwinState.Converging, TwinRules.StateOf(2, Report(2, PropertyState.Converged, PropertyState.Converging)));
        Assert.Equal(TwinState.Drifted, TwinRules.StateOf(2, Report(2, PropertyState.Drifted, PropertyState.Converging)));
        Assert.Equal(TwinState.Failed, TwinRules.StateOf(1, Report(2, PropertyState.Drifted, PropertyState.Failed)));
    }

    [Fact]
    public void IsNewer_EpochsFirstThenNumbers()
    {
        var row = new TwinRow { DeviceId = "d", Report = [1], ReportEpochNo = 5, ReportNo = 9 };

        Assert.True(TwinRules.IsNewer(row, 5, Report(1) with { ReportNo = 10 }));
        Assert.False(TwinRules.IsNewer(row, 5, Report(1) with { ReportNo = 9 }));
        Assert.False(TwinRules.IsNewer(row, 4, Report(1) with { ReportNo = 99 }));
        Assert.True(TwinRules.IsNewer(row, 6, Report(1) with { ReportNo = 1 }));
        Assert.True(TwinRules.IsNewer(new TwinRow { DeviceId = "d" }, 0, Report(1)));
    }

    [Fact]
    public void Choice_TheHighestVersionThatTheDeviceMayTake_IsDesired()
    {
        TwinCommand[] commands =
        [
            Command("c", 3, 3, CommandState.Rejected), Command("b", 2, 2, CommandState.Waiting), Command("a", 1, 1, CommandState.Done),
        ];

        var desired = TwinChoice.Desired(commands, null);

        Assert.Equal(("b", "c"), (desired!.Id, TwinChoice.Refused(commands, desired)!.Id));
        Assert.Equal("c", TwinChoice.Desired(commands, 3)!.Id);
        Assert.Null(TwinChoice.Refused(commands, TwinChoice.Desired(commands, 3)));
        Assert.Null(TwinChoice.Desired([Command("c", 3, 3, CommandState.Expired)], null));
    }

    [Fact]
    public void Apply_TheSameAgain_ChangesNothing()
    {
        var row = new TwinRow { DeviceId = "d" };
        TwinCommand[] commands = [Command("a", 1, 1, CommandState.Done)];

        Assert.True(TwinChoice.Apply(row, commands, null));
        Assert.False(TwinChoice.Apply(row, commands, 1));
        Assert.Equal((1L, "a", CommandState.Done), (row.DesiredVersion, row.CommandId, row.CommandState));
        Assert.False(TwinChoice.Apply(row, [], 1));
    }

    private static TwinReport Report(ulong version, params PropertyState[] states) => new(
        1, version, new byte[32], null,
        [.. states.Select((state, i) => new PropertyReport(
            PropertyKind.Unit, $"u{i}.service", state, 0, state is PropertyState.Converging or PropertyState.Drifted ? 5u : null, "", null))]);

    private static TwinCommand Command(string id, long ordinal, ulong version, CommandState state) =>
        new(id, ordinal, new DesiredState(version, [], [], [], []), state, null, "tester", DateTimeOffset.UnixEpoch, "no");
}
