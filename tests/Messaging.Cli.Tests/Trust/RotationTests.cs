using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;
using Messaging.Cli.Trust;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Trust;

public sealed class RotationTests : IDisposable
{
    private readonly OwnedFleet _owned = new();
    private readonly IdentityKey _newRoot = IdentityKey.Generate();
    private readonly IdentityKey _newOwner = IdentityKey.Generate();

    public void Dispose()
    {
        _owned.Dispose();
        _newRoot.Dispose();
        _newOwner.Dispose();
    }

    [Fact]
    public void Plan_OtherRootKey_IsTakenByADeviceThatKnowsTheOldBundle()
    {
        var before = _owned.Trust;

        Assert.Equal(TrustVerdict.Applied, _owned.Fleet.Take(Rotate()));

        var after = _owned.Trust;
        Assert.Equal((before.Root.Version + 1, before.Roster.Version + 1), (after.Root.Version, after.Roster.Version));
        Assert.True(after.Root.Root.IsSame(new KeyRole(1, _newRoot.Public)));
        Assert.True(after.Root.Owner.IsSame(before.Root.Owner));
        Assert.Equal(Names(before), Names(after));
        Assert.Equal(3UL, ServerFleet.Begin(_owned.Fleet.Bundle).Root.Version);
    }

    [Fact]
    public void Plan_OtherOwner_TakesThePlaceOfTheOneOfBefore()
    {
        var change = new Rotation([_owned.RootKey], [_newRoot], [_newOwner], []).Plan(_owned.Trust, _owned.Now);

        Assert.Equal(TrustVerdict.Applied, _owned.Fleet.Take(change));

        Assert.True(_owned.Trust.Root.Owner.IsSame(new KeyRole(1, _newOwner.Public)));
        Assert.Null(_owned.Trust.Roster.Find(_owned.OwnerId));
        Assert.Equal([Roles.Operator, Roles.Owner], _owned.Trust.Roster.Find(PrincipalId.FromIdentityKey(_newOwner.Public))!.Roles);
        Assert.NotNull(_owned.Trust.Roster.Find(_owned.Fleet.ServerId));
    }

    [Fact]
    public void Plan_OwnersWithAThreshold_KeepIt()
    {
        using var second = IdentityKey.Generate();
        Assert.Equal(TrustVerdict.Applied, _owned.Fleet.Take(Two(second)));

        AssertRefused("2 signatures", new Rotation([_newRoot], [_owned.RootKey], [], [_owned.OwnerKey]));
        AssertRefused("at least 2 times", new Rotation([_newRoot], [_owned.RootKey], [_newOwner], []));
        var both = new Rotation([_newRoot], [_owned.RootKey], [], [second, _owned.OwnerKey]).Plan(_owned.Trust, _owned.Now);
        Assert.Equal(TrustVerdict.Applied, _owned.Fleet.Take(both));
        Assert.Equal(2, _owned.Trust.Root.Owner.Threshold);
    }

    [Fact]
    public void Plan_SeveralTimes_IsFollowedFromTheFirstRoot()
    {
        Assert.Equal(TrustVerdict.Applied, _owned.Fleet.Take(Rotate()));
        Assert.Equal(TrustVerdict.Applied, _owned.Fleet.Take(new Rotation([_newRoot], [_owned.RootKey], [], [_owned.OwnerKey]).Plan(_owned.Trust, _owned.Now)));

        Assert.Equal(4UL, ServerFleet.Begin(_owned.Fleet.Bundle).Root.Version);
    }

    [Fact]
    public void Plan_WithoutTheOldRootKey_IsRefused()
    {
        AssertRefused("none of those that sign roots", new Rotation([_owned.OwnerKey], [_newRoot], [], [_owned.OwnerKey]));
        AssertRefused("1 signatures", new Rotation([], [_newRoot], [], [_owned.OwnerKey]));
    }

    [Fact]
    public void Plan_NewKeysThatAreOld_IsRefused()
    {
        AssertRefused("root key already", new Rotation([_owned.RootKey], [_owned.RootKey], [], [_owned.OwnerKey]));
        AssertRefused("would be a root key and an owner's", new Rotation([_owned.RootKey], [_owned.OwnerKey], [], [_owned.OwnerKey]));
        AssertRefused("would be a root key and an owner's", new Rotation([_owned.RootKey], [_newRoot], [_newRoot], []));
        AssertRefused("same key twice", new Rotation([_owned.RootKey], [_newRoot, _newRoot], [], [_owned.OwnerKey]));
    }

    [Fact]
    public void Plan_MoreSignaturesThanARootHas_IsRefused()
    {
        var many = Enumerable.Range(0, 8).Select(_ => IdentityKey.Generate()).ToList();

        AssertRefused("at most 8 signatures", new Rotation([_owned.RootKey], many, [], [_owned.OwnerKey]));
        many.ForEach(key => key.Dispose());
    }

    [Fact]
    public void Plan_ARosterThatSomebodyElseSigns_IsRefused() =>
        AssertRefused("none of those that sign rosters", new Rotation([_owned.RootKey], [_newRoot], [], [_newOwner]));

    [Fact]
    public void Plan_WhileTheServerHoldsTheRoot_IsRefused()
    {
        using var fleet = new ServerFleet();

        var refused = Assert.Throws<CliException>(() => new Rotation([fleet.Root], [_newRoot], [], [fleet.Root]).Plan(fleet.Device, ServerFleet.Start));
        Assert.Contains("take-over", refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(FleetTrust trust) => trust.Roster.Principals.Select(one => $"{one.Id} {string.Join(' ', one.Roles)}");

    private TrustChange Rotate() => new Rotation([_owned.RootKey], [_newRoot], [], [_owned.OwnerKey]).Plan(_owned.Trust, _owned.Now);

    /// <summary>A root by which two owners must sign.</summary>
    private TrustChange Two(IdentityKey second)
    {
        var before = _owned.Trust;
        var root = before.Root with
        {
            Version = before.Root.Version + 1,
            Root = new KeyRole(1, _newRoot.Public),
            Owner = new KeyRole(2, _owned.OwnerKey.Public, second.Public),
        };
        var roster = before.Roster with { RootVersion = root.Version, Version = before.Roster.Version + 1 };
        return new TrustChange([FleetRoot.Sign(root, _owned.RootKey, _newRoot)], Roster.Sign(roster, _owned.OwnerKey, second));
    }

    private void AssertRefused(string reason, Rotation rotation) =>
        Assert.Contains(reason, Assert.Throws<CliException>(() => rotation.Plan(_owned.Trust, _owned.Now)).Message, StringComparison.Ordinal);
}
