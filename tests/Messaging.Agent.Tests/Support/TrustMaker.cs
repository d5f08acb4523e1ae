using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Support;

/// <summary>What a fleet of one root key and one server has its devices trust.</summary>
internal static class TrustMaker
{
    /// <summary>The server of a fleet that nobody has taken over yet.</summary>
    public static string[] EveryRole { get; } = [Roles.Server, Roles.Operator, Roles.Owner];

    public static FleetRoot Root(IdentityKey root) =>
        FleetRoot.Sign(new RootContent(PrincipalId.FromIdentityKey(root.Public), 1, 0, new KeyRole(1, root.Public), new KeyRole(1, root.Public)), root);

    /// <summary>The first root, with version <paramref name="version"/> of the roster and number <paramref name="version"/> of the notice.</summary>
    public static TrustBundle Make(
        IdentityKey root,
        IdentityKey server,
        HpkePublicKey hpke,
        ulong version = 1,
        long issuedAt = 0,
        IReadOnlyList<string>? endpoints = null,
        IReadOnlyList<byte[]>? pins = null,
        IReadOnlyList<string>? roles = null,
        IReadOnlyList<string>? homes = null,
        Policy? policy = null,
        params IReadOnlyList<RosterPrincipal> others)
    {
        var first = Root(root);
        var fleet = first.Content.FleetId;
        var id = PrincipalId.FromIdentityKey(server.Public);
        var roster = new RosterContent(
            fleet, 1, version, issuedAt, null, [new RosterPrincipal(id, server.Public, [], roles ?? EveryRole), .. others], policy ?? Policy.Default, homes ?? []);
        var notice = new NoticeContent(fleet, id, version, issuedAt, 1, version, [hpke], endpoints ?? [], pins ?? []);
        return new TrustBundle([first], Roster.Sign(roster, root), ServerNotice.Sign(server, notice));
    }

    /// <summary>As a device sees it.</summary>
    public static FleetTrust Verified(TrustBundle bundle)
    {
        Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(bundle.Encode(), bundle.Roots[0].Fingerprint, out var trust));
        return trust!;
    }
}
