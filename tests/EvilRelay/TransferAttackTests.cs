using System.Collections.Concurrent;
using System.Security.Cryptography;
using Messaging.Commands;
using Messaging.EvilRelay.Harness;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.EvilRelay;

/// <summary>A file that an owner brings to the device, through a relay that changes it.</summary>
[Collection(EvilFleet.Name)]
public sealed class TransferAttackTests(EvilFleet evil)
{
    [Fact]
    public async Task BitFlips_InAFileThatIsPushed_ChangeNothing()
    {
        var path = Path.Combine(evil.PushFolder, "app.bin");
        await File.WriteAllTextAsync(path, "old");
        var content = RandomNumberGenerator.GetBytes(400_000);
        await using var owner = new Typist(
            evil, CommandTypes.Push, (id, key) => new PushArguments(id, key, path, content.Length, 0x180, SHA256.HashData(content), null).Encode());
        evil.PassOn();
        await owner.Ask();
        await owner.WaitUntilOpen();

        // At first nothing comes as it was sent.
        // Every frame comes by twice, on its way into the relay and out of it.
        var flips = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        evil.MeddleWith((isDown, publish) =>
        {
            if (!isDown || !IsSession(publish.Payload) || flips.ContainsKey(Convert.ToHexString(publish.Payload)))
            {
                return [publish];
            }

            var flipped = Flip(publish.Payload);
            flips[Convert.ToHexString(flipped)] = true;
            return [publish with { Payload = flipped }];
        });
        for (var at = 0; at < content.Length; at += SessionMessage.MaxBytes)
        {
            owner.Send(new SessionMessage(SessionMessageKind.Data, content.AsMemory(at, Math.Min(SessionMessage.MaxBytes, content.Length - at))));
        }

        await evil.Refused("session-not-authentic", () => owner.While("packets are changed", () => flips.Count < 3), times: 2);
        Assert.Equal("old", await File.ReadAllTextAsync(path));
        Assert.Equal(0, Directory.GetFiles(evil.PushFolder, ".messaging-*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).Sum(static part => new FileInfo(part).Length));

        // Then everything comes, and what was changed, and all of it twice.
        evil.MeddleWith((isDown, publish) =>
        {
            if (!isDown || !IsSession(publish.Payload))
            {
                return [publish];
            }

            var flipped = publish.AsCopy() with { Payload = Flip(publish.Payload) };
            return [flipped, publish, publish.AsCopy(), flipped];
        });
        await evil.Refused("session-replayed", () => owner.While("the device has the file", () => owner.End is null));
        Assert.Equal(SessionEndReason.Done, owner.End!.Reason);
        Assert.Equal(content, await File.ReadAllBytesAsync(path));
        evil.PassOn();
    }

    private static bool IsSession(byte[] frame) => Frame.LooksLikeSession(frame);

    /// <summary>The last bit of the packet's tag.</summary>
    private static byte[] Flip(byte[] frame)
    {
        var flipped = (byte[])frame.Clone();
        flipped[^1] ^= 1;
        return flipped;
    }
}
