using Messaging.Crypto;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Trust;
using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.FleetServer.Tests.Trust;

/// <summary>An owner takes a fleet from the server that began it.</summary>
public sealed class TakeOverTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly FleetOwner _owner = new();
    private FleetKeys _keys;
    private TrustService _service;

    public TakeOverTests()
    {
        _keys = FleetKeys.Open(_folder["keys"]);
        _service = new TrustService(_keys, _folder["keys"], TimeProvider.System);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string RootFile => Path.Combine(_folder["keys"], "root.p8");

    public void Dispose()
    {
        _service.Dispose();
        _keys.Dispose();
        _owner.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Take_OfARootThatAnOwnerSigned_LeavesTheServerItsOwnKeyOnly()
    {
        var device = _service.Verified();
        Assert.True(_service.HoldsRoot);

        Assert.Equal(TrustVerdict.Applied, await _service.TakeAsync(_owner.TakeOver(device), Cancellation));

        Assert.False(_service.HoldsRoot);
        Assert.Null(_keys.Root);
        Assert.False(File.Exists(RootFile));
        Assert.Equal(TrustVerdict.Applied, device.Next(_service.Current.Span, out device));
        Assert.Equal((2UL, 2UL), (device.Root.Version, device.Roster.Version));
        Assert.Equal([Roles.Server], device.Server.Roles);
        Assert.Equal(_owner.Key.Public, device.Roster.FindByRole(Roles.Owner)!.Identity);

        // A token of now leads to the new root, and one of before as well.
        Assert.Equal(device.Root.Version, _service.Verified().Root.Version);
    }

    [Fact]
    public async Task Open_AfterTheTakeOver_MakesNoRootKeyAndRenewsNoticesOnly()
    {
        await _service.TakeAsync(_owner.TakeOver(_service.Trust), Cancellation);
        var device = _service.Verified();

        Reopen();

        Assert.Null(_keys.Root);
        Assert.False(File.Exists(RootFile));
        await _service.RotateAsync(Cancellation);
        Assert.Equal(TrustVerdict.Applied, device.Next(_service.Current.Span, out var next));
        Assert.Equal((device.Root.Version, device.Roster.Version), (next.Root.Version, next.Roster.Version));
        Assert.NotEqual(device.ServerHpke, next.ServerHpke);
    }

    [Fact]
    public async Task Open_AfterAPowerCutBeforeTheRootKeyWasDeleted_DeletesIt()
    {
        var key = await File.ReadAllBytesAsync(RootFile, Cancellation);
        await _service.TakeAsync(_owner.TakeOver(_service.Trust), Cancellation);
        await File.WriteAllBytesAsync(RootFile, key, Cancellation);

        Reopen();

        Assert.False(File.Exists(RootFile));
        Assert.Null(_keys.Root);
        Assert.Equal(2UL, _service.RootVersion);
    }

    [Fact]
    public async Task Take_WithTheStolenRootKeyOfBefore_IsRefused()
    {
        Assert.True(IdentityKey.TryImportPkcs8(await File.ReadAllBytesAsync(RootFile, Cancellation), out var stolen));
        var before = _service.Trust;
        await _service.TakeAsync(_owner.TakeOver(before), Cancellation);
        var now = _service.Trust;
        var roster = Roster.Sign(now.Roster with { Version = 99, Principals = before.Roster.Principals }, stolen);
        var role = new KeyRole(1, stolen.Public);
        var second = FleetRoot.Sign(now.Root with { Root = role, Owner = role }, stolen);
        var third = FleetRoot.Sign(now.Root with { Version = 3, Root = role, Owner = role }, stolen);

        Assert.Equal(TrustVerdict.RosterNotSigned, await _service.TakeAsync(new TrustChange([], roster), Cancellation));
        Assert.Equal(TrustVerdict.RosterNotSigned, await _service.TakeAsync(new TrustChange([second], roster), Cancellation));
        Assert.Equal(
            TrustVerdict.RootNotSigned,
            await _service.TakeAsync(new TrustChange([third], Roster.Sign(now.Roster with { RootVersion = 3, Version = 99 }, stolen)), Cancellation));
        Assert.Equal(now, _service.Trust);
        stolen.Dispose();
    }

    [Fact]
    public async Task Take_OfARosterWithoutThisServer_IsRefused()
    {
        var change = _owner.TakeOver(_service.Trust, content => content with { Principals = [.. content.Principals.Where(one => one.Id != _keys.ServerId)] });

        Assert.Equal(TrustVerdict.NoticeNotSigned, await _service.TakeAsync(change, Cancellation));
        Assert.True(_service.HoldsRoot);
        Assert.True(File.Exists(RootFile));
    }

    [Fact]
    public async Task Take_OfARootThatHasNoRoomForTheServersSignature_IsRefused()
    {
        var change = _owner.TakeOver(_service.Trust);
        var root = change.Roots[0];
        for (var i = 1; i < Wire.CoseSign.MaxSignatures; i++)
        {
            using var stranger = IdentityKey.Generate();
            root = root.SignToo(stranger);
        }

        Assert.Equal(TrustVerdict.RootNotSigned, await _service.TakeAsync(change with { Roots = [root] }, Cancellation));
        Assert.True(_service.HoldsRoot);
    }

    [Fact]
    public async Task Take_OfRosters_GoesForwardOnly()
    {
        var first = _owner.TakeOver(_service.Trust);
        await _service.TakeAsync(first, Cancellation);
        var second = _owner.Change(_service.Trust);

        Assert.Equal(TrustVerdict.Known, await _service.TakeAsync(first, Cancellation));
        Assert.Equal(TrustVerdict.Applied, await _service.TakeAsync(second, Cancellation));
        Assert.Equal(TrustVerdict.Known, await _service.TakeAsync(second, Cancellation));
        Assert.Equal(TrustVerdict.Older, await _service.TakeAsync(first with { Roots = [] }, Cancellation));
        Assert.Equal(3UL, _service.RosterVersion);
    }

    [Fact]
    public async Task Take_OfAnotherFleet_IsRefused()
    {
        using var keys = FleetKeys.Open(_folder["other"]);
        using var other = new TrustService(keys, _folder["other"], TimeProvider.System);

        Assert.Equal(TrustVerdict.Malformed, await _service.TakeAsync(_owner.TakeOver(other.Trust), Cancellation));
    }

    [Fact]
    public async Task Take_WhileTheServerHoldsTheRoot_OfARosterBySomebodyElse_IsRefused()
    {
        Assert.Equal(TrustVerdict.RosterNotSigned, await _service.TakeAsync(_owner.Change(_service.Trust), Cancellation));
        Assert.Equal(1UL, _service.RosterVersion);
    }

    private void Reopen()
    {
        _service.Dispose();
        _keys.Dispose();
        _keys = FleetKeys.Open(_folder["keys"]);
        _service = new TrustService(_keys, _folder["keys"], TimeProvider.System);
    }
}
