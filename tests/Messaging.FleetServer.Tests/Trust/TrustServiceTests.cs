using System.Runtime.Versioning;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Trust;
using Messaging.Rosters;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.FleetServer.Tests.Trust;

public sealed class TrustServiceTests
{
    private static readonly NoticeAddresses Addresses = new([new Uri("mqtt://127.0.0.1:1883")], [new byte[32]]);

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Keys_OpenedTwice_AreTheSameAndPrivate()
    {
        using var folder = new ScratchFolder();
        using var first = FleetKeys.Open(folder["keys"]);
        using var second = FleetKeys.Open(folder["keys"]);

        Assert.Equal(first.Root!.Public, second.Root!.Public);
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
        using (var service = new TrustService(keys, folder["keys"], TimeProvider.System))
        {
            await service.PublishAsync(Addresses, TestContext.Current.CancellationToken);
            version = service.NoticeNumber;
            await service.PublishAsync(Addresses, TestContext.Current.CancellationToken);
            Assert.Equal(version, service.NoticeNumber);
        }

        using var again = new TrustService(keys, folder["keys"], TimeProvider.System);
        await again.PublishAsync(Addresses, TestContext.Current.CancellationToken);
        Assert.Equal(version, again.NoticeNumber);
        await again.RotateAsync(TestContext.Current.CancellationToken);
        Assert.True(again.NoticeNumber > version);
        Assert.Equal(keys.PublishedHpke.Select(key => key.Public), again.Verified().Notice.HpkeKeys);
    }

    [Fact]
    public void First_OfANewFleet_IsTheServersUntilAnOwnerTakesItOver()
    {
        using var folder = new ScratchFolder();
        using var keys = FleetKeys.Open(folder["keys"]);
        using var service = new TrustService(keys, folder["keys"], TimeProvider.System);

        var trust = service.Verified();

        Assert.Equal((1UL, 1UL), (trust.Root.Version, trust.Roster.Version));
        Assert.Equal([keys.Root!.Public], trust.Root.Root.Keys);
        Assert.Equal([keys.Root!.Public], trust.Root.Owner.Keys);
        Assert.Equal((keys.ServerId, keys.Server.Public), (trust.Server.Id, trust.Server.Identity));
        Assert.Equal([Roles.Server, Roles.Operator, Roles.Owner], trust.Server.Roles);
        var time = trust.Roster.FindByRole(Roles.Time)!;
        Assert.Equal(keys.Time.Public, time.Identity);
        Assert.Equal([Roles.Time], time.Roles);
    }

    [Fact]
    public async Task Open_OfWhatDoesNotProveItself_SaysWhichFile()
    {
        using var folder = new ScratchFolder();
        using var keys = FleetKeys.Open(folder["keys"]);
        new TrustService(keys, folder["keys"], TimeProvider.System).Dispose();
        var path = Path.Combine(folder["keys"], "trust.cbor");
        var good = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        using var other = FleetKeys.Open(folder["other"]);

        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => new TrustService(other, folder["keys"], TimeProvider.System)).Message, StringComparison.Ordinal);
        foreach (var harmed in new byte[][] { [], good[..^1], [.. good[..^1], (byte)(good[^1] ^ 1)], new byte[1_000_000] })
        {
            await File.WriteAllBytesAsync(path, harmed, TestContext.Current.CancellationToken);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => new TrustService(keys, folder["keys"], TimeProvider.System)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Restored_FromABackup_UsesNoNumberAgain()
    {
        using var folder = new ScratchFolder();
        using var keys = FleetKeys.Open(folder["keys"]);
        var path = Path.Combine(folder["keys"], "trust.cbor");
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        byte[] backup;
        ulong latest;
        using (var service = new TrustService(keys, folder["keys"], time))
        {
            backup = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            await service.PublishAsync(Addresses, TestContext.Current.CancellationToken);
            latest = service.NoticeNumber;
        }

        await File.WriteAllBytesAsync(path, backup, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        using var restored = new TrustService(keys, folder["keys"], time);
        await restored.PublishAsync(Addresses, TestContext.Current.CancellationToken);

        Assert.True(restored.NoticeNumber > latest);
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

        using var service = new TrustService(keys, folder["keys"], TimeProvider.System);
        await service.RotateAsync(TestContext.Current.CancellationToken);

        using var restored = FleetKeys.Open(folder["backup"]);
        Assert.Contains(service.Verified().ServerHpke, restored.Hpke.Select(key => key.Public));
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
