using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Tests.Trust;

public sealed class PolicyTests
{
    /// <summary>A Monday, 00:00 UTC.</summary>
    private static readonly long Monday = new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(Roles.Server, CommandTypes.Ping, true)]
    [InlineData(Roles.Server, CommandTypes.Collect, true)]
    [InlineData(Roles.Server, CommandTypes.SetIntervals, true)]
    [InlineData(Roles.Server, CommandTypes.Reboot, false)]
    [InlineData(Roles.Server, CommandTypes.RunScript, false)]
    [InlineData(Roles.Server, CommandTypes.App, false)]
    [InlineData(Roles.Server, CommandTypes.RotateKeys, false)]
    [InlineData(Roles.Server, "what comes later", false)]
    [InlineData(Roles.Operator, CommandTypes.Ping, true)]
    [InlineData(Roles.Operator, CommandTypes.Reboot, true)]
    [InlineData(Roles.Operator, CommandTypes.GpioSet, true)]
    [InlineData(Roles.Operator, CommandTypes.RotateKeys, false)]
    [InlineData(Roles.Operator, "what comes later", false)]
    [InlineData(Roles.Owner, CommandTypes.RotateKeys, true)]
    [InlineData(Roles.Owner, CommandTypes.PwmSet, true)]
    [InlineData(Roles.Owner, "what comes later", true)]
    [InlineData(Roles.Time, CommandTypes.Ping, false)]
    public void Judge_ByDefault_LetsARoleDoWhatItIsThereFor(string role, string type, bool allowed) =>
        Assert.Equal(allowed ? Permission.Allowed : Permission.RoleMissing, Policy.Default.Judge(type, [Principal(role)], null));

    [Fact]
    public void Judge_WithARuleAboutTheType_TakesTheFirst()
    {
        var policy = new Policy([
            new PolicyRule([CommandTypes.Ping], [], 1, []),
            new PolicyRule([PolicyRule.AnyType], ["night-shift"], 1, []),
        ]);

        Assert.Equal(Permission.RoleMissing, policy.Judge(CommandTypes.Ping, [Principal(Roles.Owner)], null));
        Assert.Equal(Permission.Allowed, policy.Judge(CommandTypes.Reboot, [Principal("night-shift")], null));
        Assert.Equal(Permission.RoleMissing, policy.Judge(CommandTypes.Reboot, [Principal(Roles.Owner)], null));
    }

    [Fact]
    public void Judge_OfSeveralSignatures_WantsAsManyAndARoleOfEach()
    {
        var policy = new Policy([new PolicyRule([CommandTypes.Reboot], [Roles.Operator, Roles.Owner], 2, [])]);

        Assert.Equal(Permission.SignaturesMissing, policy.Judge(CommandTypes.Reboot, [Principal(Roles.Owner)], null));
        Assert.Equal(Permission.Allowed, policy.Judge(CommandTypes.Reboot, [Principal(Roles.Owner), Principal(Roles.Operator)], null));
        Assert.Equal(Permission.RoleMissing, policy.Judge(CommandTypes.Reboot, [Principal(Roles.Owner), Principal(Roles.Server)], null));
        Assert.Equal(Permission.SignaturesMissing, policy.Judge(CommandTypes.Reboot, [], null));
    }

    [Fact]
    public void Judge_InAndOutsideOfAWindow_LetsItRunInside()
    {
        var policy = new Policy([new PolicyRule([CommandTypes.Reboot], [Roles.Operator], 1, [new MaintenanceWindow(1, 120, 60), new MaintenanceWindow(1, 600, 1)])]);

        Assert.Equal(Permission.Allowed, At(120));
        Assert.Equal(Permission.Allowed, At(600));
        Assert.Equal(Permission.OutsideWindow, At(601));
        Assert.Equal(Permission.TimeUnknown, policy.Judge(CommandTypes.Reboot, [Principal(Roles.Operator)], null));

        Permission At(int minute) => policy.Judge(CommandTypes.Reboot, [Principal(Roles.Operator)], Monday + (minute * 60_000L));
    }

    [Theory]
    [InlineData(0b000_0001, 120, 60, 0, 119, false)]
    [InlineData(0b000_0001, 120, 60, 0, 120, true)]
    [InlineData(0b000_0001, 120, 60, 0, 179, true)]
    [InlineData(0b000_0001, 120, 60, 0, 180, false)]
    [InlineData(0b000_0001, 120, 60, 1, 130, false)]
    [InlineData(0b100_0000, 1380, 120, 6, 1400, true)]
    [InlineData(0b100_0000, 1380, 120, 7, 59, true)]
    [InlineData(0b100_0000, 1380, 120, 7, 60, false)]
    [InlineData(0b100_0000, 1380, 120, 6, 30, false)]
    [InlineData(0b111_1111, 0, 1440, 3, 777, true)]
    [InlineData(0b000_0001, 1439, 1440, 1, 1438, true)]
    [InlineData(0b000_0001, 1439, 1440, 1, 1439, false)]
    public void Contains_ByDayAndMinute_ReachesOverMidnight(int days, int from, int minutes, int day, int minute, bool expected) =>
        Assert.Equal(expected, new MaintenanceWindow(days, from, minutes).Contains(Monday + (((day * 1440L) + minute) * 60_000)));

    private static RosterPrincipal Principal(string role)
    {
        using var key = IdentityKey.Generate();
        return new RosterPrincipal(PrincipalId.FromIdentityKey(key.Public), key.Public, [], [role]);
    }
}
