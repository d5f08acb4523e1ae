using Messaging.Crypto;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Trust;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Trust;

/// <summary>A server gets another identity, because somebody else has the one of before.</summary>
public sealed class KeyRenewalTests : IDisposable
{
    private static readonly NoticeAddresses Elsewhere = new([new Uri("mqtts://new.example:8883")], [new byte[32]]);
    private readonly ScratchFolder _folder = new();
    private readonly FleetOwner _owner = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Keys => Path.Combine(Data, "keys");

    private string Data => _folder["data"];

    public void Dispose()
    {
        _owner.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Take_OfARosterThatNamesTheNewIdentity_PublishesIt()
    {
        var device = await BeginAsync();
        using var old = FleetKeys.Open(Keys);
        Assert.Equal(0, Renew().Code);
        using var keys = FleetKeys.Open(Keys);
        using var service = new TrustService(keys, Keys, TimeProvider.System);
        await service.PublishAsync(Elsewhere, Cancellation);

        // It shows what an owner begins with, which devices take as they did before.
        Assert.False(service.IsNamed);
        Assert.Equal(TrustVerdict.Known, device.Next(service.Current.Span, out device));
        Assert.Equal(TrustVerdict.Applied, await service.TakeAsync(_owner.Change(service.Trust, roster => Name(roster, old.ServerId, keys)), Cancellation));

        Assert.True(service.IsNamed);
        Assert.Equal(TrustVerdict.Applied, device.Next(service.Current.Span, out device));
        Assert.Equal(keys.ServerId, device.Server.Id);
        Assert.Equal(["mqtts://new.example:8883"], device.Notice.Endpoints);
        Assert.Null(device.Roster.Find(old.ServerId));
        Assert.DoesNotContain(device.Notice.HpkeKeys, key => old.Hpke.Any(known => known.Public.Equals(key)));
        using var reopened = new TrustService(keys, Keys, TimeProvider.System);
        Assert.True(reopened.IsNamed);
    }

    [Fact]
    public async Task Renew_OfAServer_KeepsTheKeysThatDevicesHaveSealedTo()
    {
        var device = await BeginAsync();
        using var old = FleetKeys.Open(Keys);

        var (code, output) = Renew();

        Assert.Equal(0, code);
        using var keys = FleetKeys.Open(Keys);
        Assert.NotEqual(old.Server.Public, keys.Server.Public);
        Assert.NotEqual(old.Time.Public, keys.Time.Public);
        Assert.Contains(device.ServerHpke, keys.Hpke.Select(key => key.Public));
        Assert.Contains(keys.ServerId.ToString(), output, StringComparison.Ordinal);
        foreach (var (file, key) in new[] { ("server.pub", keys.Server.Public), ("time.pub", keys.Time.Public) })
        {
            Assert.Contains(file, output, StringComparison.Ordinal);
            var text = (await File.ReadAllTextAsync(Path.Combine(Data, file), Cancellation)).Trim();
            Assert.Equal(key.Point, System.Buffers.Text.Base64Url.DecodeFromChars(text));
        }
    }

    [Fact]
    public async Task Renew_BrokenOff_IsDoneAgain()
    {
        await BeginAsync();
        await File.WriteAllBytesAsync(Path.Combine(Keys, "renewed"), [], Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(Keys, "server-identity.p8"), IdentityKey.Generate().ExportPkcs8(), Cancellation);

        Assert.Equal(0, Renew().Code);

        using var keys = FleetKeys.Open(Keys);
        using var service = new TrustService(keys, Keys, TimeProvider.System);
        Assert.False(service.IsNamed);
    }

    [Fact]
    public async Task Take_OfARosterThatStillListsTheOldServerFirst_IsRefused()
    {
        await BeginAsync();
        Assert.Equal(0, Renew().Code);
        using var keys = FleetKeys.Open(Keys);
        using var service = new TrustService(keys, Keys, TimeProvider.System);

        var second = _owner.Change(service.Trust, roster => roster with { Principals = [.. roster.Principals, new RosterPrincipal(keys.ServerId, keys.Server.Public, [], [Roles.Server])] });

        Assert.Equal(TrustVerdict.NoticeNotSigned, await service.TakeAsync(second, Cancellation));
        Assert.False(service.IsNamed);
    }

    [Fact]
    public void Renew_OfAServerThatHoldsTheRoot_IsRefused()
    {
        using (var keys = FleetKeys.Open(Keys))
        {
            new TrustService(keys, Keys, TimeProvider.System).Dispose();
        }

        var (code, output) = Renew();

        Assert.Equal(1, code);
        Assert.Contains("take-over", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Keys, "renewed")));
    }

    [Fact]
    public void Renew_WhereThereIsNoFleet_SaysSo()
    {
        Assert.Contains("no folder", Renew().Output, StringComparison.Ordinal);
        Directory.CreateDirectory(Data);
        Assert.Contains("no fleet", Renew().Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Keys));
    }

    private static RosterContent Name(RosterContent roster, PrincipalId old, FleetKeys keys) => roster with
    {
        Principals = [.. roster.Principals.Select(one => one.Id == old ? new RosterPrincipal(keys.ServerId, keys.Server.Public, [], [Roles.Server]) : one)],
    };

    private (int Code, string Output) Renew()
    {
        using var output = new StringWriter();
        return (KeysCommand.Renew(Data, output, output), output.ToString());
    }

    /// <summary>A fleet that an owner has taken over, as a device sees it.</summary>
    private async Task<FleetTrust> BeginAsync()
    {
        using var keys = FleetKeys.Open(Keys);
        using var service = new TrustService(keys, Keys, TimeProvider.System);
        Assert.Equal(TrustVerdict.Applied, await service.TakeAsync(_owner.TakeOver(service.Trust), Cancellation));
        return service.Verified();
    }
}
