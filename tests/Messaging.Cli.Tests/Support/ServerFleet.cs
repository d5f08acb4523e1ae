using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Support;

/// <summary>A fleet as a server begins it: it has the root key, and every role.</summary>
internal sealed class ServerFleet : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private readonly HpkeKeyPair _hpke = HpkeKeyPair.Generate();
    private readonly IReadOnlyList<byte[]> _pins;
    private ulong _number = 1;

    /// <param name="change">What is special about its roster.</param>
    /// <param name="pins">TLS pins of its notices.</param>
    public ServerFleet(Func<RosterContent, RosterContent>? change = null, params IReadOnlyList<byte[]> pins)
    {
        _pins = pins;
        var role = new KeyRole(1, Root.Public);
        var root = new RootContent(PrincipalId.FromIdentityKey(Root.Public), 1, Start.ToUnixTimeMilliseconds(), role, role);
        var roster = new RosterContent(
            root.FleetId,
            1,
            1,
            root.IssuedAtUnixMs,
            null,
            [
                new RosterPrincipal(ServerId, Server.Public, [], [Roles.Server, Roles.Operator, Roles.Owner]),
                new RosterPrincipal(PrincipalId.FromIdentityKey(Time.Public), Time.Public, [], [Roles.Time]),
            ],
            Policy.Default,
            []);
        roster = change?.Invoke(roster) ?? roster;
        Bundle = new TrustBundle([FleetRoot.Sign(root, Root)], Roster.Sign(roster, Root), Notice(root, roster));
        Device = Begin(Bundle);
    }

    public IdentityKey Root { get; } = IdentityKey.Generate();

    public IdentityKey Server { get; } = IdentityKey.Generate();

    public IdentityKey Time { get; } = IdentityKey.Generate();

    public PrincipalId ServerId => PrincipalId.FromIdentityKey(Server.Public);

    /// <summary>What the server has.</summary>
    public TrustBundle Bundle { get; private set; }

    /// <summary>What a device knows that is told of each change.</summary>
    public FleetTrust Device { get; private set; }

    /// <summary>As somebody sees it who knows the first root only.</summary>
    public static FleetTrust Begin(TrustBundle bundle)
    {
        Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(bundle.Encode(), bundle.Roots[0].Fingerprint, out var trust));
        return trust!;
    }

    /// <summary>Adds what a server adds, and tells the device. The verdict is the device's.</summary>
    /// <param name="change">What owners hand in.</param>
    /// <param name="coSign">Whether the server has its root key still, and signs with it.</param>
    public TrustVerdict Take(TrustChange change, bool coSign = false)
    {
        Assert.True(TrustChange.TryRead(change.Encode(), out var read));
        var roots = coSign ? read.Roots.Select(root => root.SignToo(Root)) : read.Roots;
        var bundle = new TrustBundle([.. Bundle.Roots, .. roots], read.Roster, Bundle.Notice);
        bundle = bundle with { Notice = Notice(bundle.Roots[^1].Content, bundle.Roster.Content) };
        var verdict = Device.Next(bundle.Encode(), out var next);
        if (verdict == TrustVerdict.Applied)
        {
            Bundle = bundle;
            Device = next;
        }

        return verdict;
    }

    public void Dispose()
    {
        Root.Dispose();
        Server.Dispose();
        Time.Dispose();
        _hpke.Dispose();
    }

    private ServerNotice Notice(RootContent root, RosterContent roster) => ServerNotice.Sign(
        Server, new NoticeContent(root.FleetId, ServerId, _number++, root.IssuedAtUnixMs, root.Version, roster.Version, [_hpke.Public], ["mqtts://fleet.example:8883"], _pins));
}
