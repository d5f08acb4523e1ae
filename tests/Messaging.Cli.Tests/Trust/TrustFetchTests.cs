using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;
using Messaging.Cli.Trust;
using Messaging.Crypto;
using Messaging.Trust;

namespace Messaging.Cli.Tests.Trust;

public sealed class TrustFetchTests : IDisposable
{
    private readonly OwnedFleet _owned = new();

    private byte[] FirstFingerprint => _owned.Fleet.Bundle.Roots[0].Fingerprint.ToArray();

    public void Dispose() => _owned.Dispose();

    [Fact]
    public void Judge_AFirstAnswer_RestsOnTheFingerprint()
    {
        var fetch = TrustFetch.Judge(_owned.Fleet.Bundle.Encode(), FirstFingerprint, null);

        Assert.Equal((2UL, 2UL), (fetch.Trust.Root.Version, fetch.ServerRoot));
        Assert.Null(fetch.Note);
    }

    [Fact]
    public void Judge_AnotherFleetOrNone_IsRefused()
    {
        using var other = new ServerFleet();

        AssertRefused("another fleet", other.Bundle.Encode());
        AssertRefused("fleet server", "<html>"u8.ToArray());
        AssertRefused("fleet server", []);
    }

    [Fact]
    public void Judge_ABundleOfBefore_GoesByWhatWasSeenAndSaysSo()
    {
        using var fleet = new ServerFleet();
        var old = fleet.Bundle;
        var fingerprint = old.Roots[0].Fingerprint.ToArray();
        using var root = IdentityKey.Generate();
        using var owner = IdentityKey.Generate();
        fleet.Take(TakeOver.Plan(fleet.Device, root, owner, [], ServerFleet.Start), coSign: true);

        var fetch = TrustFetch.Judge(old.Encode(), fingerprint, fleet.Device);

        Assert.Equal((2UL, 1UL), (fetch.Trust.Root.Version, fetch.ServerRoot));
        Assert.Contains("holds something back", fetch.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_ARootThatForksFromWhatWasSeen_IsRefused()
    {
        using var fleet = new ServerFleet();
        var fingerprint = fleet.Bundle.Roots[0].Fingerprint.ToArray();
        var first = fleet.Device;
        using var root = IdentityKey.Generate();
        using var owner = IdentityKey.Generate();
        using var thief = IdentityKey.Generate();
        var stolen = TakeOver.Plan(first, thief, owner, [], ServerFleet.Start);
        fleet.Take(TakeOver.Plan(first, root, owner, [], ServerFleet.Start), coSign: true);
        var fork = fleet.Bundle with { Roots = [fleet.Bundle.Roots[0], stolen.Roots[0].SignToo(fleet.Root)], Roster = stolen.Roster };

        var refused = Assert.Throws<CliException>(() => TrustFetch.Judge(fork.Encode(), fingerprint, fleet.Device));

        Assert.Contains("has seen root 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeenTrust_Saved_IsLoadedByItsFingerprint()
    {
        using var folder = new TemporaryFolder();
        var seen = new SeenTrust(folder.File("trust"));

        Assert.Null(seen.Load(FirstFingerprint));
        seen.Save(FirstFingerprint, _owned.Trust);

        Assert.Equal(2UL, seen.Load(FirstFingerprint)!.Root.Version);
        Assert.Null(seen.Load(_owned.Fleet.Bundle.Roots[1].Fingerprint));
        var file = Assert.Single(Directory.GetFiles(folder.File("trust")));
        Assert.Equal(TemporaryFolder.OwnerFile, File.GetUnixFileMode(file));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        Assert.Contains("is damaged", Assert.Throws<CliException>(() => seen.Load(FirstFingerprint)).Message, StringComparison.Ordinal);
    }

    private void AssertRefused(string reason, byte[] answer) =>
        Assert.Contains(reason, Assert.Throws<CliException>(() => TrustFetch.Judge(answer, FirstFingerprint, null)).Message, StringComparison.Ordinal);
}
