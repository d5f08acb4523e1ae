using System.Runtime.Versioning;
using Messaging.FleetServer.Rosters;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Rosters;

namespace Messaging.FleetServer.Tests.Rosters;

public sealed class RosterServiceTests
{
    private static readonly RosterAddresses Addresses = new([new Uri("mqtt://127.0.0.1:1883")], [new byte[32]]);

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Keys_OpenedTwice_AreTheSameAndPrivate()
    {
        using var folder = new ScratchFolder();
        using var first = FleetKeys.Open(folder["keys"]);
        using var second = FleetKeys.Open(folder["keys"]);

        Assert.Equal(first.Root.Public, second.Root.Public);
        Assert.Equal(first.ServerId, second.ServerId);
        Assert.Equal(first.Hpke.Select(key => key.Public), second.Hpke.Select(key => key.Public));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder["keys"]));
        Assert.All(Directory.GetFiles(folder["keys"]), file =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Keys_Damaged_AreNotReplaced()
    {
        using var folder = new ScratchFolder();
        FleetKeys.Open(folder["keys"]).Dispose();
        File.WriteAllText(Path.Combine(folder["keys"], "root.p8"), "damaged");

        Assert.Throws<InvalidDataException>(() => FleetKeys.Open(folder["keys"]));
    }

    [Fact]
    public async Task Version_OverChangesAndRestarts_OnlyRises()
    {
        using var folder = new ScratchFolder();
        using var keys = FleetKeys.Open(folder["keys"]);
        ulong version;
        using (var roster = new RosterService(keys, folder["keys"], TimeProvider.System))
        {
            await roster.PublishAsync(Addresses, TestContext.Current.CancellationToken);
            version = roster.Version;
            await roster.PublishAsync(Addresses, TestContext.Current.CancellationToken);
            Assert.Equal(version, roster.Version);
        }

        using var again = new RosterService(keys, folder["keys"], TimeProvider.System);
        await again.PublishAsync(Addresses, TestContext.Current.CancellationToken);
        Assert.Equal(version, again.Version);
        await again.RotateAsync(TestContext.Current.CancellationToken);
        Assert.Equal(version + 1, again.Version);
        Assert.True(Roster.TryVerify(again.Current.Span, keys.Root.Public.Fingerprint, out var signed));
        Assert.Equal(keys.PublishedHpke.Select(key => key.Public), signed.Content.FindByRole(Roles.Server)!.HpkeKeys);
    }

    [Fact]
    public async Task Roster_OfAFleetFromBeforeThereWasATimeKey_NamesItInANewVersion()
    {
        using var folder = new ScratchFolder();
        using var keys = FleetKeys.Open(folder["keys"]);
        var server = new RosterPrincipal(keys.ServerId, keys.Server.Public, [.. keys.PublishedHpke.Select(key => key.Public)], [Roles.Server]);
        var old = Roster.Sign(keys.Root, new RosterContent(keys.ServerId, 7, 1_700_000_000_000, [server], ["mqtt://127.0.0.1:1883"], [new byte[32]]));
        await File.WriteAllBytesAsync(Path.Combine(folder["keys"], "roster.cose"), old.Bytes.ToArray(), TestContext.Current.CancellationToken);
        using var roster = new RosterService(keys, folder["keys"], TimeProvider.System);

        await roster.PublishAsync(Addresses, TestContext.Current.CancellationToken);

        Assert.Equal(8UL, roster.Version);
        Assert.True(Roster.TryVerify(roster.Current.Span, keys.Root.Public.Fingerprint, out var signed));
        Assert.Equal(old.Content.FleetId, signed.Content.FleetId);
        var time = signed.Content.FindByRole(Roles.Time)!;
        Assert.Equal(keys.Time.Public, time.Identity);
        Assert.NotEqual(keys.ServerId, time.Id);
        Assert.Equal([Roles.Time], time.Roles);
        Assert.Equal(keys.ServerId, signed.Content.FindByRole(Roles.Server)!.Id);
    }

    [Fact]
    public async Task Backup_FromBeforeARotation_HasTheKeyThatDevicesSealToAfterIt()
    {
        using var folder = new ScratchFolder();
        using var keys = FleetKeys.Open(folder["keys"]);
        Directory.CreateDirectory(folder["backup"]);
        foreach (var file in Directory.GetFiles(folder["keys"]))
        {
            File.Copy(file, Path.Combine(folder["backup"], Path.GetFileName(file)));
        }

        using var roster = new RosterService(keys, folder["keys"], TimeProvider.System);
        await roster.RotateAsync(TestContext.Current.CancellationToken);

        using var restored = FleetKeys.Open(folder["backup"]);
        Assert.True(Roster.TryVerify(roster.Current.Span, keys.Root.Public.Fingerprint, out var signed));
        Assert.Contains(signed.Content.FindByRole(Roles.Server)!.HpkeKeys[0], restored.Hpke.Select(key => key.Public));
    }

    [Fact]
    public void ForgetHpke_ReplacedLongAgo_KeepsThePublishedAndTheNext()
    {
        using var folder = new ScratchFolder();
        using var keys = FleetKeys.Open(folder["keys"]);
        var published = keys.Hpke[0];
        var next = keys.AddHpke();
        Assert.Equal(3, keys.Hpke.Count);

        keys.ForgetHpkeReplacedBefore(keys.RotatedAt.AddSeconds(1));

        Assert.Equal([next.Public, published.Public], keys.Hpke.Select(key => key.Public));
        using var again = FleetKeys.Open(folder["keys"]);
        Assert.Equal([next.Public, published.Public], again.Hpke.Select(key => key.Public));
    }

    [Fact]
    public void ForgetHpke_ReplacedLately_KeepsIt()
    {
        using var folder = new ScratchFolder();
        using var keys = FleetKeys.Open(folder["keys"]);
        keys.AddHpke();

        keys.ForgetHpkeReplacedBefore(keys.RotatedAt.AddSeconds(-1));

        Assert.Equal(3, keys.Hpke.Count);
    }
}
