using Messaging.Agent.Clock;
using Messaging.Agent.Downlink;
using Messaging.Agent.Identity;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Trust;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Downlink;

public sealed class DownEpochsTests : IDisposable
{
    private readonly FaultDisk _disk = new();
    private readonly IdentityKey _root = IdentityKey.Generate();
    private readonly IdentityKey _first = IdentityKey.Generate();
    private readonly IdentityKey _second = IdentityKey.Generate();
    private readonly HpkeKeyPair _hpke = HpkeKeyPair.Generate();
    private readonly TrustedClock _clock = new(new FixedBootClock());
    private readonly KeyStore _keys;
    private readonly FleetTrustStore _fleet;
    private DownEpochs _epochs;

    public DownEpochsTests()
    {
        _keys = KeyStore.Create(_disk, "keys", BuildTime.UnixMs);
        var bundle = TrustMaker.Make(_root, _first, _hpke.Public);
        _fleet = FleetTrustStore.Open(_disk, "fleet", bundle.Roots[0].Fingerprint.ToArray(), bundle.Encode(), _clock)!;
        _epochs = Start();
    }

    public void Dispose()
    {
        _epochs.Dispose();
        _root.Dispose();
        _first.Dispose();
        _second.Dispose();
        _hpke.Dispose();
    }

    [Fact]
    public void Open_OfALowerNumber_IsAReplayOverRestartsToo()
    {
        using var newer = Sender(_first, 9);
        using var older = Sender(_first, 8);
        Assert.Null(Open(newer));
        Assert.Equal("epoch-replayed", Open(older));

        Restart();

        Assert.Equal("epoch-replayed", Open(older));

        // Control repeats its newest one until it knows of the restart.
        Assert.Null(Open(newer));
    }

    [Fact]
    public void Open_ByTheServerThatTookThePlace_CountsAnew()
    {
        using var spent = Sender(_first, ulong.MaxValue);
        Assert.Null(Open(spent));

        Replace();

        using var next = Sender(_second, 1);
        Assert.Null(Open(next));
        Restart();
        using var again = Sender(_second, 2);
        Assert.Null(Open(again));
        using var replayed = Sender(_second, 1);
        Assert.Equal("epoch-replayed", Open(replayed));
    }

    [Fact]
    public void Find_OfAServerThatWasReplaced_FindsNothingThatItHadOpened()
    {
        using var epoch = Sender(_first, 5);
        Assert.Null(Open(epoch));
        Assert.NotNull(_epochs.Find(_epochs.ServerOf(Id(_first))!, epoch.Id.Kid));

        Replace();

        Assert.Null(_epochs.ServerOf(Id(_first)));
        Assert.Equal("epoch-unknown-sender", Open(epoch));
        Assert.Null(_epochs.Find(_epochs.ServerOf(Id(_second))!, epoch.Id.Kid));
    }

    [Fact]
    public void Open_OfTwoServersInTurn_KeepsTheNumberOfEach()
    {
        var both = TrustMaker.Make(
            _root, _first, _hpke.Public, 2, others: [new RosterPrincipal(Id(_second), _second.Public, [], [Roles.Server])]);
        Assert.Equal(TrustVerdict.Applied, _fleet.Apply(both.Encode()));
        using var one = Sender(_first, 5);
        using var other = Sender(_second, 900);
        Assert.Null(Open(one));
        Assert.Null(Open(other));

        Restart();

        using var replayed = Sender(_first, 4);
        using var next = Sender(_first, 6);
        Assert.Equal("epoch-replayed", Open(replayed));
        Assert.Null(Open(next));
    }

    private static PrincipalId Id(IdentityKey key) => PrincipalId.FromIdentityKey(key.Public);

    private DownEpochs Start() => new(_keys, _fleet, new TrustStore(_disk, "trust", _clock), _clock);

    private void Restart()
    {
        _epochs.Dispose();
        _epochs = Start();
    }

    /// <summary>The owners put the second server in the place of the first.</summary>
    private void Replace() => Assert.Equal(TrustVerdict.Applied, _fleet.Apply(TrustMaker.Make(_root, _second, _hpke.Public, 2).Encode()));

    private EpochSender Sender(IdentityKey server, ulong number) => EpochSender.Open(
        server, Id(server), new EpochParameters(number, BootId.Generate(), 1, null, 1), [_keys.Keys.Hpke[0].Pair.Public]);

    private string? Open(EpochSender epoch)
    {
        var bytes = epoch.OpenFrame.Span;
        Assert.True(Frame.TryRead(bytes, out var frame));
        return _epochs.Open(bytes, frame);
    }
}
