using Messaging.Cli.Hosting;
using Messaging.Cli.Rosters;
using Messaging.Cli.Tests.Support;
using Messaging.Cli.Trust;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Trust;

public sealed class OwnersChangeTests : IDisposable
{
    private readonly OwnedFleet _owned = new();
    private readonly IdentityKey _browser = IdentityKey.Generate();

    public void Dispose()
    {
        _owned.Dispose();
        _browser.Dispose();
    }

    [Fact]
    public void Plan_WithTheRootKeyAmongOwners_PutsANewKeyInThePlaceOfALostOneAlone()
    {
        // As the dashboard takes a fleet over: the recovery key is the root's and an owner's.
        Take(new OwnersChange([_owned.RootKey], [_owned.OwnerKey], [_owned.RootKey.Public], []));

        Take(new OwnersChange([_owned.RootKey], [], [_browser.Public], [_owned.OwnerKey.Public.ToString()]));

        var after = _owned.Trust;
        Assert.Equal((4UL, 4UL), (after.Root.Version, after.Roster.Version));
        Assert.True(after.Root.Root.IsSame(new KeyRole(1, _owned.RootKey.Public)));
        Assert.True(after.Root.Owner.IsSame(new KeyRole(1, _owned.RootKey.Public, _browser.Public)));
        Assert.Null(after.Roster.Find(_owned.OwnerId));
        Assert.Equal([Roles.Operator, Roles.Owner], after.Roster.Find(PrincipalId.FromIdentityKey(_browser.Public))!.Roles);
        Assert.NotNull(after.Roster.Find(_owned.Fleet.ServerId));
    }

    [Fact]
    public void Plan_OfAnOperatorWhoBecomesAnOwner_KeepsThePlace()
    {
        var id = PrincipalId.FromIdentityKey(_browser.Public);
        var roster = RosterEdits.Add(
            _owned.Trust.Roster, _owned.Fleet.ServerId, new RosterPrincipal(id, _browser.Public, [], [Roles.Operator], 1), replace: false, _owned.Now);
        Assert.Equal(TrustVerdict.Applied, _owned.Fleet.Take(new TrustChange([], Roster.Sign(roster, _owned.OwnerKey))));
        var place = _owned.Trust.Roster.Principals.Select(one => one.Id).ToList();

        Take(new OwnersChange([_owned.RootKey], [_owned.OwnerKey], [_browser.Public], []));

        Assert.Equal(place, _owned.Trust.Roster.Principals.Select(one => one.Id));
        Assert.Equal([Roles.Operator, Roles.Owner], _owned.Trust.Roster.Find(id)!.Roles);
        Assert.Null(_owned.Trust.Roster.Find(id)!.NotAfterUnixMs);
    }

    [Fact]
    public void Plan_WhatCannotBe_SaysWhy()
    {
        var lost = _owned.OwnerKey.Public.ToString();

        AssertRefused("Nothing would change", new OwnersChange([_owned.RootKey], [_owned.OwnerKey], [], []));
        AssertRefused("no owner has a key", new OwnersChange([_owned.RootKey], [_owned.OwnerKey], [], [_browser.Public.ToString()]));
        AssertRefused("is an owner's key already", new OwnersChange([_owned.RootKey], [_owned.OwnerKey], [_owned.OwnerKey.Public], []));
        AssertRefused("would be left", new OwnersChange([_owned.RootKey], [_owned.OwnerKey], [], [lost]));
        AssertRefused("none of those that sign roots", new OwnersChange([_owned.OwnerKey], [_owned.OwnerKey], [_browser.Public], []));
        AssertRefused("Rosters take 1 signatures", new OwnersChange([_owned.RootKey], [], [_browser.Public], [lost]));
        AssertRefused("none of those that sign rosters", new OwnersChange([_owned.RootKey], [_owned.OwnerKey], [_browser.Public], [lost]));
    }

    [Fact]
    public void Plan_WhileTheServerHoldsTheRoot_IsRefused()
    {
        using var fleet = new ServerFleet();

        var refusal = Assert.Throws<CliException>(() => new OwnersChange([], [], [_browser.Public], []).Plan(fleet.Device, ServerFleet.Start.AddDays(1)));
        Assert.Contains("take-over", refusal.Message, StringComparison.Ordinal);
    }

    private void Take(OwnersChange change) => Assert.Equal(TrustVerdict.Applied, _owned.Fleet.Take(change.Plan(_owned.Trust, _owned.Now)));

    private void AssertRefused(string why, OwnersChange change) =>
        Assert.Contains(why, Assert.Throws<CliException>(() => change.Plan(_owned.Trust, _owned.Now)).Message, StringComparison.Ordinal);
}
