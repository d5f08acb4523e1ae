using Messaging.Agent.Clock;
using Messaging.Agent.Disk;
using Messaging.Agent.Identity;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Identity;

public sealed class TrustStoreTests
{
    private readonly FaultDisk _disk = new();

    [Fact]
    public void Open_OfWhatWasSaved_HasTimeSignerAndEpochs()
    {
        var signer = PrincipalId.FromIdentityKey(IdentityKey.Generate().Public);
        ServerEpoch[] epochs = [new(signer, 9, EpochId.Generate()), new(PrincipalId.FromIdentityKey(IdentityKey.Generate().Public), 4, EpochId.Generate())];
        var (store, clock) = Open();
        clock.State(signer, BuildTime.UnixMs + 5000);
        store.KeepDownEpochs(epochs);
        store.SaveTime();

        var (again, restored) = Open();

        Assert.Equal(new TrustedTime(BuildTime.UnixMs, BuildTime.UnixMs + 5000, signer), again.Trust.Time);
        Assert.Equal(epochs.Select(Parts), again.Trust.DownEpochs.Select(Parts));
        Assert.Equal(BuildTime.UnixMs + 5000, restored.LowerBoundUnixMs);
    }

    [Fact]
    public void Open_OfVersion1_KeepsItsTimeWithoutASigner()
    {
        var content = "84" + "01" + "1b" + (BuildTime.UnixMs + 7).ToString("x16") + "05" + "50" + new string('4', 32);
        SealedFile.Write(_disk, "trust", "MSGTRUST"u8, 1, Convert.FromHexString(content));

        var (store, _) = Open();

        Assert.False(store.WasLost);
        Assert.Equal(new TrustedTime(0, BuildTime.UnixMs + 7, null), store.Trust.Time);
        Assert.Equal(5UL, Assert.Single(store.Trust.DownEpochs).Number);
    }

    [Fact]
    public void KeepDownEpochs_OfMoreServersThanAFleetHas_KeepsTheLast()
    {
        ServerEpoch[] epochs = [.. Enumerable.Range(1, 20).Select(i => new ServerEpoch(PrincipalId.FromIdentityKey(IdentityKey.Generate().Public), (ulong)i, EpochId.Generate()))];
        Open().Store.KeepDownEpochs(epochs);

        Assert.Equal(epochs[12..].Select(Parts), Open().Store.Trust.DownEpochs.Select(Parts));
    }

    [Theory]
    [InlineData("8502" + "00" + "82" + "00" + "40" + "05" + "50")]
    [InlineData("8502" + "00" + "81" + "00" + "05" + "50")]
    [InlineData("8402" + "00" + "05" + "50")]
    [InlineData("8503" + "00" + "f6" + "05" + "50")]
    [InlineData("8403" + "00" + "f6" + "82" + "50")]
    [InlineData("8403" + "00" + "f6" + "89" + "50")]
    [InlineData("8403" + "00" + "f6" + "05" + "50")]
    public void Open_OfWhatIsNoState_StartsAnewAndSaysSo(string head)
    {
        SealedFile.Write(_disk, "trust", "MSGTRUST"u8, 1, Convert.FromHexString(head + new string('4', 32)));

        var (store, clock) = Open();

        Assert.True(store.WasLost);
        Assert.Equal(BuildTime.UnixMs, clock.LowerBoundUnixMs);
    }

    private static (PrincipalId, ulong, EpochId) Parts(ServerEpoch epoch) => (epoch.Server, epoch.Number, epoch.Id);

    private (TrustStore Store, TrustedClock Clock) Open()
    {
        var clock = new TrustedClock(new FixedBootClock());
        return (new TrustStore(_disk, "trust", clock), clock);
    }
}
