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
    public void Open_OfWhatWasSaved_HasTimeSignerAndEpoch()
    {
        var signer = PrincipalId.FromIdentityKey(IdentityKey.Generate().Public);
        var epoch = EpochId.Generate();
        var (store, clock) = Open();
        clock.State(signer, BuildTime.UnixMs + 5000);
        store.RaiseDownEpoch(9, epoch);

        var (again, restored) = Open();

        Assert.Equal(new TrustState(new TrustedTime(BuildTime.UnixMs, BuildTime.UnixMs + 5000, signer), 9, epoch), again.Trust);
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
        Assert.Equal(5UL, store.Trust.DownEpochNo);
    }

    [Theory]
    [InlineData("8502" + "00" + "82" + "00" + "40" + "05" + "50")]
    [InlineData("8502" + "00" + "81" + "00" + "05" + "50")]
    [InlineData("8402" + "00" + "05" + "50")]
    [InlineData("8503" + "00" + "f6" + "05" + "50")]
    public void Open_OfWhatIsNoState_StartsAnewAndSaysSo(string head)
    {
        SealedFile.Write(_disk, "trust", "MSGTRUST"u8, 1, Convert.FromHexString(head + new string('4', 32)));

        var (store, clock) = Open();

        Assert.True(store.WasLost);
        Assert.Equal(BuildTime.UnixMs, clock.LowerBoundUnixMs);
    }

    private (TrustStore Store, TrustedClock Clock) Open()
    {
        var clock = new TrustedClock(new FixedBootClock());
        return (new TrustStore(_disk, "trust", clock), clock);
    }
}
