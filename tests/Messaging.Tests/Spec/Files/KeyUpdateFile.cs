using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Fuzz;

namespace Messaging.Tests.Spec.Files;

internal sealed class KeyUpdateFile : VectorDocument
{
    private static readonly byte[] Label = "messaging/1/key-update"u8.ToArray();

    public override string Name => "key-update.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Updates by the key device for itself: device-hpke-next, and in the second also device-next.",
        ["accepted"] = Array([Accepted("HPKE key alone", 1, null), Accepted("both keys", 2, "device-next")]),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["message"] = Hex(one.Message) })),
    };

    public override void Verify(JsonElement file)
    {
        foreach (var one in Each(file, "accepted"))
        {
            Assert.True(KeyUpdate.TryVerify(Bytes(one, "message"), Samples.Device.Public, Samples.DeviceId, out var update), Why(one));
            Assert.Equal(one.GetProperty("keyNo").GetString(), update.KeyNo.ToString());
            Assert.Equal(Hpke(), update.HpkeKey);
            Assert.Equal(one.GetProperty("newIdentity").ValueKind != JsonValueKind.Null, update.Identity is not null);
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.False(KeyUpdate.TryVerify(Bytes(one, "message"), Samples.Device.Public, Samples.DeviceId, out _), Why(one));
        }
    }

    private static HpkePublicKey Hpke()
    {
        using var pair = Maker.Hpke("device-hpke-next");
        return pair.Public;
    }

    private static byte[] Payload(ulong keyNo, string? next, ulong? provenKeyNo = null, string? prover = null)
    {
        var identity = next is null ? null : Maker.Identity(next);
        var proof = identity is null ? null : Maker.SignRaw(prover ?? next!, KeyUpdate.Possession(Samples.DeviceId, provenKeyNo ?? keyNo, Hpke(), identity));
        return KeyUpdate.Payload(new KeyUpdate(Samples.DeviceId, keyNo, Hpke(), identity), proof);
    }

    private static JsonObject Accepted(string why, ulong keyNo, string? next) => new()
    {
        ["why"] = why,
        ["keyNo"] = keyNo.ToString(),
        ["newIdentity"] = next,
        ["possession"] = next is null ? null : Hex(KeyUpdate.Possession(Samples.DeviceId, keyNo, Hpke(), Maker.Identity(next))),
        ["payload"] = Hex(Payload(keyNo, next)),
        ["message"] = Hex(Maker.Sign("device", Label, Payload(keyNo, next))),
    };

    private static IEnumerable<(string Why, byte[] Message)> Refused()
    {
        var payload = Payload(2, "device-next");
        yield return ("signature changed", Maker.Flipped(Maker.Sign("device", Label, payload), -1));
        yield return ("signed by the new key", Maker.Sign("device-next", Label, payload));
        yield return ("signed as a command", Maker.Sign("device", "messaging/1/command"u8, payload));
        yield return ("the proof is for another number", Maker.Sign("device", Label, Payload(3, "device-next", provenKeyNo: 2)));
        yield return ("the proof is by another key", Maker.Sign("device", Label, Payload(2, "device-next", prover: "server")));
        yield return ("another device", Maker.Sign("device", Label, Maker.Flipped(payload, 3)));
        yield return ("a new HPKE key off the curve", Maker.Sign("device", Label, Maker.Flipped(Payload(1, null), -2)));
    }
}
