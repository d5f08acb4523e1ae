using Messaging.Agent.Identity;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Identity;

public sealed class DeviceKeysTests
{
    [Fact]
    public void Origin_AfterChangesOfKeys_ProvesTheNewestToWhoKnowsTheId()
    {
        var keys = DeviceKeys.Generate(0);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(Answers(keys));
            keys = keys.Stage(withIdentity: true).Promote(i);
            keys = keys.Stage(withIdentity: false).Promote(i);
        }

        Assert.True(Answers(keys));
        Assert.Equal(3, keys.Origin.Updates.Count);
        var encoded = DeviceKeysCodec.Encode(keys);
        Assert.True(DeviceKeysCodec.TryDecode(encoded, out var stored));
        Assert.True(Answers(stored));
    }

    [Fact]
    public void Stage_WhenNoFurtherChangeCouldBeProven_KeepsTheIdentityKey()
    {
        var keys = DeviceKeys.Generate(0);
        for (var i = 0; i < IdentityOrigin.MaxUpdates + 2; i++)
        {
            keys = keys.Stage(withIdentity: true).Promote(i);
        }

        Assert.Equal(IdentityOrigin.MaxUpdates, keys.Origin.Updates.Count);
        Assert.True(Answers(keys));
    }

    /// <summary>Whether a client that knows the id alone takes what the device says.</summary>
    private static bool Answers(DeviceKeys keys)
    {
        using var own = HpkeKeyPair.Generate();
        var command = CommandId.Generate();
        byte[] arguments = [0x80];
        var packet = SessionAccept.Sign(keys.Identity, keys.Origin, SessionAccept.EncodePayload(command, keys.DeviceId, arguments, own.Public));
        return packet.Length <= WireLimits.MaxSessionPacketBytes && SessionAccept.TryVerify(packet, command, keys.DeviceId, arguments, out _);
    }
}
