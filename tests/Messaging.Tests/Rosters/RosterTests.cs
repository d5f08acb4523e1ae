using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Rosters;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Rosters;

public sealed class RosterTests
{
    private static readonly byte[] Signed = Roster.Sign(Samples.Root, Samples.Roster).Bytes.ToArray();

    [Fact]
    public void TryVerify_PinnedRoot_GivesWhatWasSigned()
    {
        Assert.True(Roster.TryVerify(Signed, Samples.Root.Public.Fingerprint, out var roster));

        Assert.Equal(Samples.Root.Public, roster.Root);
        Assert.Equal((Samples.Roster.FleetId, 3UL, Samples.Roster.IssuedAtUnixMs), (roster.Content.FleetId, roster.Content.Version, roster.Content.IssuedAtUnixMs));
        var server = roster.Content.FindByRole(Roles.Server);
        Assert.NotNull(server);
        Assert.Equal(Samples.ServerId, server.Id);
        Assert.Equal(Samples.Server.Public, server.Identity);
        Assert.Equal([Samples.ServerHpke.Public], server.HpkeKeys);
        Assert.False(server.HasRole(Roles.Owner));
        Assert.Same(server, roster.Content.Find(Samples.ServerId));
        Assert.Null(roster.Content.Find(Samples.DeviceId));
        Assert.Equal(Samples.Roster.Endpoints, roster.Content.Endpoints);
        Assert.Equal(Samples.Roster.TlsPins, roster.Content.TlsPins);
        Assert.Equal(Signed, roster.Bytes.ToArray());
    }

    [Fact]
    public void TryVerify_EveryBitFlippedAndEveryTruncation_IsRefused() =>
        Mutations.AssertNoneAccepted(Signed, static data => Roster.TryVerify(data, Samples.Root.Public.Fingerprint, out _));

    [Fact]
    public void TryVerify_SignedByAnotherRoot_IsRefused()
    {
        Assert.False(Roster.TryVerify(Signed, Samples.Server.Public.Fingerprint, out _));
        Assert.False(Roster.TryVerify(Signed, Samples.Root.Public.Fingerprint[..31], out _));

        // It names the pinned root and is signed by somebody else.
        var forged = CoseSign1Writer.Sign(Samples.Server, "messaging/1/roster"u8, Roster.Payload(Samples.Root.Public, Samples.Roster));
        Assert.False(Roster.TryVerify(forged, Samples.Root.Public.Fingerprint, out _));
    }

    [Fact]
    public void TryVerify_PrincipalTwiceOrPointOffTheCurve_IsRefused()
    {
        var one = Samples.Roster.Principals[0];
        Assert.False(Verifies(Roster.Payload(Samples.Root.Public, Samples.Roster with { Principals = [one, one] })));

        var payload = Roster.Payload(Samples.Root.Public, Samples.Roster);
        Assert.True(Verifies(payload));
        var at = payload.AsSpan().IndexOf(Samples.ServerHpke.Public.Point);
        payload[at + 64] ^= 1;
        Assert.False(Verifies(payload));

        static bool Verifies(byte[] payload) =>
            Roster.TryVerify(CoseSign1Writer.Sign(Samples.Root, "messaging/1/roster"u8, payload), Samples.Root.Public.Fingerprint, out _);
    }

    [Fact]
    public void Sign_MoreThanTheLimits_Throws()
    {
        var one = Samples.Roster.Principals[0];
        Assert.Throws<ArgumentException>(() => Roster.Sign(Samples.Root, Samples.Roster with { Principals = [.. Enumerable.Repeat(one, 257)] }));
        Assert.Throws<ArgumentException>(() => Roster.Sign(Samples.Root, Samples.Roster with { Endpoints = [.. Enumerable.Repeat("x", 17)] }));
        Assert.Throws<ArgumentException>(() => Roster.Sign(
            Samples.Root, Samples.Roster with { Principals = [one with { HpkeKeys = [.. Enumerable.Repeat(Samples.ServerHpke.Public, 9)] }] }));
    }
}
