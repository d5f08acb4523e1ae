using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.Tests.Trust;

/// <summary>What one step does stands in trust.json; here are those that go further.</summary>
public sealed class FleetTrustTests
{
    [Fact]
    public void Next_ByWhatComesAfterTheKnownRoot_KeepsWhatLedToIt()
    {
        var roots = Roots(3);
        Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(Bundle(roots[..1]).Encode(), roots[0].Fingerprint, out var trust));

        Assert.Equal(TrustVerdict.Applied, trust!.Next(Bundle(roots[1..]).Encode(), out trust));

        Assert.Equal(3, trust.Bundle.Roots.Count);
        Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(trust.Bundle.Encode(), roots[0].Fingerprint, out var again));
        Assert.Equal(3UL, again!.Root.Version);
    }

    [Fact]
    public void Next_ByMoreRootsThanABundleHolds_GoesOnFromTheLast()
    {
        var roots = Roots(TrustBundle.MaxRoots + 2);
        Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(Bundle(roots[..1]).Encode(), roots[0].Fingerprint, out var trust));

        Assert.Equal(TrustVerdict.UnknownRoot, trust!.Next(Bundle(roots[2..]).Encode(), out trust));
        Assert.Equal(TrustVerdict.Applied, trust.Next(Bundle(roots[1..^1]).Encode(), out trust));
        Assert.Equal((ulong)TrustBundle.MaxRoots + 1, trust.Root.Version);
        Assert.Equal(TrustBundle.MaxRoots, trust.Bundle.Roots.Count);
        Assert.Equal(TrustVerdict.Applied, trust.Next(Bundle(roots[2..]).Encode(), out trust));
        Assert.Equal((ulong)TrustBundle.MaxRoots + 2, trust.Root.Version);
    }

    [Fact]
    public void Next_WithARootInTheMiddleThatNobodySigned_IsRefused()
    {
        var roots = Roots(4);
        Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(Bundle(roots[..1]).Encode(), roots[0].Fingerprint, out var trust));
        using var forger = IdentityKey.Generate();
        roots[2] = FleetRoot.Sign(roots[2].Content with { IssuedAtUnixMs = 1 }, forger);

        Assert.Equal(TrustVerdict.RootNotSigned, trust!.Next(Bundle(roots[1..]).Encode(), out _));
    }

    /// <summary>The same keys each time; only the versions rise.</summary>
    private static FleetRoot[] Roots(int count) =>
        [.. Enumerable.Range(1, count).Select(static version => FleetRoot.Sign(Samples.FleetRoot with { Version = (ulong)version }, Samples.Root))];

    private static TrustBundle Bundle(FleetRoot[] roots) => new(
        roots,
        Roster.Sign(Samples.Roster with { RootVersion = roots[^1].Content.Version }, Samples.Owner),
        ServerNotice.Sign(Samples.Server, Samples.Notice));
}
