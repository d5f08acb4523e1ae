using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>
/// Whom a fleet trusts, verified: a root, the roster of its owners, and the notice of a server of that roster. It only ever goes forward
/// (messaging/spec/protocol.md, section 15). Immutable.
/// </summary>
public sealed class FleetTrust
{
    private FleetTrust(TrustBundle bundle, FleetRoot root, RosterPrincipal server)
    {
        Bundle = bundle;
        Root = root.Content;
        Server = server;
    }

    /// <summary>What it was read from: what proves it to others, and what is kept.</summary>
    public TrustBundle Bundle { get; }

    /// <summary>The newest root.</summary>
    public RootContent Root { get; }

    /// <summary>The roster under it.</summary>
    public RosterContent Roster => Bundle.Roster.Content;

    /// <summary>The notice of <see cref="Server"/>.</summary>
    public NoticeContent Notice => Bundle.Notice.Content;

    /// <summary>The server that the notice is of.</summary>
    public RosterPrincipal Server { get; }

    /// <summary>What is sealed to the server is sealed to this key.</summary>
    public HpkePublicKey ServerHpke => Notice.HpkeKeys[0];

    /// <summary>The newest time that the fleet's root or owners have signed; Unix milliseconds.</summary>
    public long SignedAtUnixMs => Math.Max(Root.IssuedAtUnixMs, Roster.IssuedAtUnixMs);

    /// <summary>Begins to trust a fleet, of which nothing is known but one root's fingerprint.</summary>
    /// <param name="data">A bundle.</param>
    /// <param name="fingerprint">SHA-256 of the payload of a root in it.</param>
    /// <param name="trust">Whom to trust.</param>
    public static TrustVerdict Begin(ReadOnlySpan<byte> data, ReadOnlySpan<byte> fingerprint, out FleetTrust? trust)
    {
        trust = null;
        if (!TrustBundle.TryRead(data, out var bundle))
        {
            return TrustVerdict.Malformed;
        }

        for (var i = 0; i < bundle.Roots.Count; i++)
        {
            if (bundle.Roots[i].Fingerprint.SequenceEqual(fingerprint))
            {
                // The fingerprint vouches for what it says; that it was really put in force, its own keys do.
                return bundle.Roots[i].IsSignedBy(bundle.Roots[i].Content.Root)
                    ? Follow(bundle, i, out trust)
                    : TrustVerdict.RootNotSigned;
            }
        }

        return TrustVerdict.UnknownRoot;
    }

    /// <summary>What is trusted after a bundle arrived. Unless the verdict is <see cref="TrustVerdict.Applied"/>, what was trusted before.</summary>
    public TrustVerdict Next(ReadOnlySpan<byte> data, out FleetTrust trust)
    {
        trust = this;
        if (!TrustBundle.TryRead(data, out var bundle) || bundle.Roster.Content.FleetId != Root.FleetId)
        {
            return TrustVerdict.Malformed;
        }

        var newest = bundle.Roots[^1].Content.Version;
        if (newest < Root.Version)
        {
            return TrustVerdict.Older;
        }

        var known = Bundle.Roots[^1];
        var at = -1;
        for (var i = 0; i < bundle.Roots.Count; i++)
        {
            if (bundle.Roots[i].Fingerprint.SequenceEqual(known.Fingerprint))
            {
                at = i;
            }
        }

        // It may begin just after what is known.
        if (at < 0 && !bundle.Roots[0].Follows(known))
        {
            return TrustVerdict.UnknownRoot;
        }

        // What leads to the root that this began with is kept.
        List<FleetRoot> roots = [.. Bundle.Roots];
        for (var i = at + 1; i < bundle.Roots.Count; i++)
        {
            roots.Add(bundle.Roots[i]);
        }

        var from = Bundle.Roots.Count - 1;
        if (roots.Count > TrustBundle.MaxRoots)
        {
            from = Math.Max(0, from - (roots.Count - TrustBundle.MaxRoots));
            roots.RemoveRange(0, roots.Count - TrustBundle.MaxRoots);
        }

        var verdict = Follow(bundle with { Roots = roots }, from, out var next);
        return next is null ? verdict : Advance(next, out trust);
    }

    private static TrustVerdict Follow(TrustBundle bundle, int from, out FleetTrust? trust)
    {
        trust = null;
        for (var i = from + 1; i < bundle.Roots.Count; i++)
        {
            if (!bundle.Roots[i].Follows(bundle.Roots[i - 1]))
            {
                return TrustVerdict.RootNotSigned;
            }
        }

        var root = bundle.Roots[^1];
        var roster = bundle.Roster;
        if (roster.Content.FleetId != root.Content.FleetId || roster.Content.RootVersion != root.Content.Version || !roster.IsSignedBy(root.Content.Owner))
        {
            return TrustVerdict.RosterNotSigned;
        }

        var notice = bundle.Notice;
        if (notice.Content.FleetId != root.Content.FleetId
            || roster.Content.Find(notice.Content.Server) is not { } server
            || !server.HasRole(Roles.Server)
            || !notice.IsSignedBy(server.Identity))
        {
            return TrustVerdict.NoticeNotSigned;
        }

        trust = new FleetTrust(bundle, root, server);
        return TrustVerdict.Applied;
    }

    /// <summary>
    /// A higher root counts before a higher roster, and a roster before a notice: so whoever has stolen a key and spent its highest number
    /// is overtaken by who stands above that key. The notice is the better one of both, whichever came with which roster.
    /// </summary>
    private TrustVerdict Advance(FleetTrust other, out FleetTrust trust)
    {
        trust = this;
        var order = other.Root.Version.CompareTo(Root.Version);
        order = order != 0 ? order : other.Roster.Version.CompareTo(Roster.Version);
        if (order < 0)
        {
            return TrustVerdict.Older;
        }

        if (order > 0)
        {
            trust = Still(other.Roster) is { } server && Better(other.Roster, Notice, other.Notice) > 0
                ? new FleetTrust(other.Bundle with { Notice = Bundle.Notice }, other.Bundle.Roots[^1], server)
                : other;
            return TrustVerdict.Applied;
        }

        var better = Better(Roster, other.Notice, Notice);
        if (better <= 0)
        {
            return better == 0 ? TrustVerdict.Known : TrustVerdict.Older;
        }

        // Two rosters of one version are the owners' mistake; the first one stays.
        if (Roster.Find(other.Notice.Server) is { } named && named.HasRole(Roles.Server) && other.Bundle.Notice.IsSignedBy(named.Identity))
        {
            trust = new FleetTrust(Bundle with { Notice = other.Bundle.Notice }, Bundle.Roots[^1], named);
            return TrustVerdict.Applied;
        }

        return TrustVerdict.NoticeNotSigned;
    }

    /// <summary>This server in another roster, when its notice still counts there.</summary>
    private RosterPrincipal? Still(RosterContent roster) =>
        roster.Find(Notice.Server) is { } server && server.HasRole(Roles.Server) && server.Identity.Equals(Server.Identity) ? server : null;

    /// <summary>Positive when the one notice counts before the other: of a server that the roster lists earlier, or newer of the same.</summary>
    private static int Better(RosterContent roster, NoticeContent one, NoticeContent other) =>
        one.Server == other.Server ? one.Number.CompareTo(other.Number) : Rank(roster, other.Server).CompareTo(Rank(roster, one.Server));

    private static int Rank(RosterContent roster, PrincipalId server)
    {
        for (var i = 0; i < roster.Principals.Count; i++)
        {
            if (roster.Principals[i].Id == server)
            {
                return i;
            }
        }

        return int.MaxValue;
    }
}
