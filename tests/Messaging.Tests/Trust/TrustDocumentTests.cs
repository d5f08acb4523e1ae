using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Rosters;
using Messaging.Tests.Support;
using Messaging.Trust;

namespace Messaging.Tests.Trust;

public sealed class TrustDocumentTests
{
    [Fact]
    public void Bundle_Read_SaysWhatWasSigned()
    {
        Assert.True(TrustBundle.TryRead(Samples.Trust.Encode(), out var bundle));

        var root = Assert.Single(bundle.Roots).Content;
        Assert.Equal((Samples.FleetRoot.FleetId, 2UL, Samples.FleetRoot.IssuedAtUnixMs), (root.FleetId, root.Version, root.IssuedAtUnixMs));
        Assert.True(root.Root.IsSame(Samples.FleetRoot.Root));
        Assert.True(root.Owner.IsSame(Samples.FleetRoot.Owner));
        var roster = bundle.Roster.Content;
        Assert.Equal((2UL, 3UL, Samples.Roster.ExpiresAtUnixMs), (roster.RootVersion, roster.Version, roster.ExpiresAtUnixMs));
        Assert.Equal(Samples.Roster.Homes, roster.Homes);
        Assert.Equal(Samples.Owner.Public, roster.FindByRole(Roles.Owner)!.Identity);
        Assert.Equal(Samples.Roster.Principals[1].NotAfterUnixMs, roster.Principals[1].NotAfterUnixMs);
        Assert.Equal([Samples.DeviceHpke.Public], roster.Principals[1].HpkeKeys);
        Assert.Equal(2, roster.Policy.Rules.Count);
        Assert.Equal([new MaintenanceWindow(0b001_1111, 120, 90)], roster.Policy.Rules[0].Windows);
        var notice = bundle.Notice.Content;
        Assert.Equal((Samples.Notice.Number, Samples.ServerId, 2UL, 3UL), (notice.Number, notice.Server, notice.RootVersion, notice.RosterVersion));
        Assert.Equal([Samples.ServerHpke.Public], notice.HpkeKeys);
        Assert.Equal(Samples.Notice.Endpoints, notice.Endpoints);
        Assert.Equal(Samples.Notice.TlsPins, notice.TlsPins);
    }

    [Fact]
    public void Begin_EveryBitFlippedAndEveryTruncation_IsRefused() => Mutations.AssertNoneAccepted(
        Samples.Trust.Encode(), static data => FleetTrust.Begin(data, Samples.Trust.Roots[0].Fingerprint, out _) == TrustVerdict.Applied);

    [Fact]
    public void Payloads_OutsideTheLimits_AreNeitherReadNorWritten()
    {
        Assert.Throws<ArgumentException>(() => new KeyRole(0, Samples.Root.Public));
        Assert.Throws<ArgumentException>(() => new KeyRole(2, Samples.Root.Public));
        Assert.Throws<ArgumentException>(() => new KeyRole(1));
        Assert.Throws<ArgumentException>(() => new KeyRole(1, Samples.Root.Public, Samples.Root.Public));
        var one = Samples.Roster.Principals[0];
        Assert.Throws<ArgumentException>(() => Roster.Payload(Samples.Roster with { Principals = [.. Enumerable.Repeat(one, 257)] }));
        Assert.Throws<ArgumentException>(() => Roster.Payload(Samples.Roster with { Homes = [.. Enumerable.Repeat("x", 17)] }));
        Assert.Throws<ArgumentException>(() => Roster.Payload(Samples.Roster with { Principals = [one with { HpkeKeys = [.. Enumerable.Repeat(Samples.ServerHpke.Public, 9)] }] }));
        Assert.Throws<InvalidOperationException>(() => Roster.Payload(Samples.Roster with { Policy = new Policy([new PolicyRule([], [], 9, [])]) }));
        Assert.Throws<InvalidOperationException>(() => Roster.Payload(Samples.Roster with { Policy = new Policy([new PolicyRule([], [], 1, [new MaintenanceWindow(0, 0, 1)])]) }));
        Assert.Throws<ArgumentException>(() => ServerNotice.Sign(Samples.Server, Samples.Notice with { HpkeKeys = [] }));
        Assert.False(Roster.TryReadPayload(Roster.Payload(Samples.Roster with { Principals = [one, one] }), out _));
        Assert.False(FleetRoot.TryReadPayload(FleetRoot.Payload(Samples.FleetRoot with { Version = 0 }), out _));
    }

    [Fact]
    public void Fingerprint_WhoeverSigns_IsOfWhatIsSaid()
    {
        var root = Samples.Trust.Roots[0];

        Assert.Equal(root.Fingerprint.ToArray(), root.SignToo(Samples.Server).Fingerprint.ToArray());
        Assert.NotEqual(root.Fingerprint.ToArray(), FleetRoot.Sign(Samples.FleetRoot with { Version = 3 }, Samples.Root).Fingerprint.ToArray());
    }

    [Fact]
    public void Roster_SignedByOneAfterTheOther_IsSignedByBoth()
    {
        var both = new KeyRole(2, Samples.Root.Public, Samples.Owner.Public);

        Assert.False(Samples.Trust.Roster.IsSignedBy(both));
        Assert.True(Samples.Trust.Roster.SignToo(Samples.Root).IsSignedBy(both));
    }
}
