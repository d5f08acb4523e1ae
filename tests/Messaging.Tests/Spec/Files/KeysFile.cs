using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class KeysFile : VectorDocument
{
    public override string Name => "keys.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "The keys of all vectors. principalId is that of an identity key, kid that of an HPKE key; both are given for each.",
        ["keys"] = Array(Maker.Keys.Select(static key =>
        {
            using var pair = Maker.Hpke(key.Name);
            var identity = Maker.Identity(key.Name);
            return new JsonObject
            {
                ["name"] = key.Name,
                ["use"] = key.Use,
                ["scalar"] = Hex(Maker.Scalar(key.Name)),
                ["point"] = Hex(identity.Point),
                ["fingerprint"] = Hex(identity.Fingerprint),
                ["principalId"] = PrincipalId.FromIdentityKey(identity).ToString(),
                ["kid"] = pair.Kid.ToString(),
            };
        })),
        ["refusedPoints"] = Array(RefusedPoints().Select(static point => new JsonObject { ["why"] = point.Why, ["point"] = Hex(point.Point) })),
    };

    public override void Verify(JsonElement file)
    {
        foreach (var key in Each(file, "keys"))
        {
            Assert.True(IdentityPublicKey.TryImport(Bytes(key, "point"), out var identity));
            Assert.True(HpkePublicKey.TryImport(Bytes(key, "point"), out var hpke));
            Assert.Equal(key.GetProperty("fingerprint").GetString(), Hex(identity.Fingerprint));
            Assert.Equal(key.GetProperty("principalId").GetString(), PrincipalId.FromIdentityKey(identity).ToString());
            Assert.Equal(key.GetProperty("kid").GetString(), hpke.Kid.ToString());
        }

        foreach (var point in Each(file, "refusedPoints"))
        {
            Assert.False(IdentityPublicKey.TryImport(Bytes(point, "point"), out _), Why(point));
            Assert.False(HpkePublicKey.TryImport(Bytes(point, "point"), out _), Why(point));
        }
    }

    private static IEnumerable<(string Why, byte[] Point)> RefusedPoints()
    {
        var valid = Maker.Identity("device").Point.ToArray();
        var p = Convert.FromHexString("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
        var sqrtB = Convert.FromHexString("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
        yield return ("empty", []);
        yield return ("infinity (SEC 1)", [0x00]);
        yield return ("65 zero bytes", new byte[65]);
        yield return ("compressed", [(byte)(0x02 | (valid[64] & 1)), .. valid[1..33]]);
        yield return ("hybrid", [(byte)(0x06 | (valid[64] & 1)), .. valid[1..]]);
        yield return ("64 bytes", valid[..64]);
        yield return ("66 bytes", [.. valid, 0]);
        yield return ("(0, 0)", [0x04, .. new byte[64]]);
        yield return ("y off by one bit", Maker.Flipped(valid, -1));
        yield return ("x = p where x = 0 would be on the curve", [0x04, .. p, .. sqrtB]);
        yield return ("y = p", [.. valid[..33], .. p]);
        yield return ("the twist's small point x = 5, y = 1", [0x04, .. new byte[31], 5, .. new byte[31], 1]);
    }
}
