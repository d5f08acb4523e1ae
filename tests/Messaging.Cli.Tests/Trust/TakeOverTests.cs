using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;
using Messaging.Cli.Trust;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Trust;

public sealed class TakeOverTests : IDisposable
{
    private static readonly DateTimeOffset Now = ServerFleet.Start.AddDays(3);
    private readonly IdentityKey _root = IdentityKey.Generate();
    private readonly IdentityKey _owner = IdentityKey.Generate();
    private readonly ServerFleet _fleet = new();

    public void Dispose()
    {
        _root.Dispose();
        _owner.Dispose();
        _fleet.Dispose();
    }

    [Fact]
    public void Plan_CoSignedByTheServer_IsTakenByADeviceThatKnowsTheOldBundle()
    {
        var change = Plan();

        Assert.Equal(TrustVerdict.Applied, _fleet.Take(change, coSign: true));

        var trust = _fleet.Device;
        Assert.Equal((2UL, 2UL, 2UL), (trust.Root.Version, trust.Roster.Version, trust.Roster.RootVersion));
        Assert.True(trust.Root.Root.IsSame(new KeyRole(1, _root.Public)));
        Assert.True(trust.Root.Owner.IsSame(new KeyRole(1, _owner.Public)));
        Assert.Equal([Roles.Server], trust.Roster.Find(_fleet.ServerId)!.Roles);
        Assert.Equal([Roles.Time], trust.Roster.Find(PrincipalId.FromIdentityKey(_fleet.Time.Public))!.Roles);
        Assert.Equal([Roles.Operator, Roles.Owner], trust.Roster.Find(PrincipalId.FromIdentityKey(_owner.Public))!.Roles);
        Assert.Equal(3, trust.Roster.Principals.Count);
        Assert.Equal((Now.ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds()), (trust.Root.IssuedAtUnixMs, trust.Roster.IssuedAtUnixMs));
        Assert.False(TrustHolder.IsServer(trust));
    }

    [Fact]
    public void Plan_TakenOver_IsFollowedFromTheFirstFingerprint()
    {
        _fleet.Take(Plan(), coSign: true);

        Assert.Equal(2UL, ServerFleet.Begin(_fleet.Bundle).Root.Version);
    }

    [Fact]
    public void Plan_NotCoSigned_IsRefusedByDevices() => Assert.Equal(TrustVerdict.RootNotSigned, _fleet.Take(Plan()));

    [Fact]
    public void Plan_Homes_AreInTheRoster()
    {
        var change = TakeOver.Plan(_fleet.Device, _root, _owner, ["https://fleet.example"], Now);

        Assert.Equal(["https://fleet.example"], change.Roster.Content.Homes);
        Assert.Throws<CliException>(() => TakeOver.Plan(_fleet.Device, _root, _owner, ["fleet.example"], Now));
    }

    [Fact]
    public void Plan_WhatElseTheServerPutIntoItsRoster_IsLeftOut()
    {
        using var friend = IdentityKey.Generate();
        using var fleet = new ServerFleet(roster => roster with
        {
            ExpiresAtUnixMs = roster.IssuedAtUnixMs + 1,
            Policy = new Policy([new PolicyRule([PolicyRule.AnyType], [Roles.Server], 1, [])]),
            Homes = ["https://thief.example"],
            Principals =
            [
                roster.Principals[0] with { NotAfterUnixMs = roster.IssuedAtUnixMs + 1 },
                roster.Principals[1] with { Roles = [Roles.Time, Roles.Owner] },
                new RosterPrincipal(PrincipalId.FromIdentityKey(friend.Public), friend.Public, [], [Roles.Owner]),
            ],
        });

        Assert.Equal(TrustVerdict.Applied, fleet.Take(TakeOver.Plan(fleet.Device, _root, _owner, [], Now), coSign: true));

        var roster = fleet.Device.Roster;
        Assert.Equal([Roles.Server, Roles.Time, Roles.Operator, Roles.Owner], roster.Principals.SelectMany(one => one.Roles));
        Assert.All(roster.Principals, one => Assert.Null(one.NotAfterUnixMs));
        Assert.Empty(roster.Policy.Rules);
        Assert.Empty(roster.Homes);
        Assert.Null(roster.ExpiresAtUnixMs);
    }

    [Fact]
    public void Plan_OneKeyForBoth_IsRefused() => AssertRefused("same key", () => TakeOver.Plan(_fleet.Device, _root, _root, [], Now));

    [Fact]
    public void Plan_KeysThatTheServerHas_AreRefused()
    {
        AssertRefused("in use", () => TakeOver.Plan(_fleet.Device, _fleet.Root, _owner, [], Now));
        AssertRefused("in use", () => TakeOver.Plan(_fleet.Device, _root, _fleet.Server, [], Now));
        AssertRefused("in use", () => TakeOver.Plan(_fleet.Device, _root, _fleet.Time, [], Now));
    }

    [Fact]
    public void Plan_AFleetThatIsAnOwners_IsRefused()
    {
        _fleet.Take(Plan(), coSign: true);
        using var other = IdentityKey.Generate();

        AssertRefused("root rotate", () => TakeOver.Plan(_fleet.Device, other, _owner, [], Now));
    }

    [Fact]
    public void Plan_AClockThatIsBehind_IsRefused() =>
        AssertRefused("Set the clock", () => TakeOver.Plan(_fleet.Device, _root, _owner, [], ServerFleet.Start.AddHours(-1)));

    private static void AssertRefused(string reason, Func<object> plan) =>
        Assert.Contains(reason, Assert.Throws<CliException>(() => plan()).Message, StringComparison.Ordinal);

    private TrustChange Plan() => TakeOver.Plan(_fleet.Device, _root, _owner, [], Now);
}
