using CsCheck;
using Messaging.Agent.Identity;
using Messaging.Agent.Tests.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Identity;

public sealed class KeyStoreTests
{
    private const string Path = "state/keys";

    [Fact]
    public void Open_AfterEachStepOfAChangeOfKeys_HasTheOldAndTheNewKeysUntilConfirmed()
    {
        var disk = new FaultDisk();
        var store = KeyStore.Create(disk, Path, 100);
        var old = store.Keys;

        var staged = store.Change(keys => keys.Stage(withIdentity: true));
        var afterStage = KeyStore.Open(disk.Restart(), Path)!.Keys;
        Assert.Equal(old.Identity.Public, afterStage.Identity.Public);
        Assert.Equal(staged.Pending!.Identity!.Public, afterStage.Pending!.Identity!.Public);
        Assert.Equal([staged.Pending.Hpke.Kid, old.Hpke[0].Pair.Kid], afterStage.Opening.Select(pair => pair.Kid));

        store.Change(keys => keys.Promote(200));
        var afterPromote = KeyStore.Open(disk.Restart(), Path)!.Keys;
        Assert.Equal(staged.Pending.Identity.Public, afterPromote.Identity.Public);
        Assert.Equal(old.DeviceId, afterPromote.DeviceId);
        Assert.Equal(1UL, afterPromote.KeyNo);
        Assert.Equal([staged.Pending.Hpke.Kid, old.Hpke[0].Pair.Kid], afterPromote.Opening.Select(pair => pair.Kid));
        Assert.Equal(200, afterPromote.Hpke[1].RetiredAtUnixMs);

        store.Change(keys => keys.Expire(201));
        Assert.Equal(staged.Pending.Hpke.Kid, Assert.Single(KeyStore.Open(disk.Restart(), Path)!.Keys.Hpke).Pair.Kid);
    }

    [Fact]
    public void Change_AfterAPowerCutAtEachOperation_LeavesTheOldOrTheNewKeys()
    {
        var disk = new CrashDisk("state");
        var store = KeyStore.Create(disk, Path, 1);
        var identity = store.Keys.Identity.Public;
        var from = disk.Operations;
        store.Change(keys => keys.Stage(withIdentity: true));
        store.Change(keys => keys.Promote(2));

        PowerCuts.Each(disk, 1, from, int.MaxValue, (left, _, _) =>
        {
            var after = KeyStore.Open(left, Path)!.Keys;
            Assert.True(after.Identity.Public.Equals(identity) || after.KeyNo == 1);
            Assert.Equal(PrincipalId.FromIdentityKey(identity), after.DeviceId);
        });
    }

    [Fact]
    public void Open_OfADamagedFile_SaysWhatToDo()
    {
        foreach (var harm in new Action<List<byte>>[]
        {
            content => content.Clear(),
            content => content[^1] ^= 1,
            content => content.RemoveRange(20, 30),
            content => content.AddRange(new byte[100_000]),
        })
        {
            var disk = new FaultDisk();
            KeyStore.Create(disk, Path, 1);
            harm(disk.Content(Path));
            Assert.Contains("--force", Assert.Throws<DamagedStateException>(() => KeyStore.Open(disk, Path)).Message);
        }

        Assert.Null(KeyStore.Open(new FaultDisk(), Path));
    }

    [Fact]
    public void Next_OfACounterThatIsDamaged_JumpsOverWhatMayHaveBeenUsed()
    {
        var disk = new FaultDisk();
        var counter = new EpochCounter(disk, "state/epoch");
        Assert.Equal(1UL, counter.Next(0));
        Assert.Equal(2UL, new EpochCounter(disk.Restart(), "state/epoch").Next(0));
        Assert.Equal(9UL, counter.Next(8));

        disk.Content("state/epoch").RemoveAt(3);
        var after = new EpochCounter(disk, "state/epoch");
        Assert.True(after.Next(0) > 1_000_000);
        Assert.True(after.WasDamaged);
        Assert.Equal(1_000_002UL, after.Next(0));
    }
}
