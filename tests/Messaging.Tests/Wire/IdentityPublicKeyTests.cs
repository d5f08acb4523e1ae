using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Tests.Wire;

public sealed class IdentityPublicKeyTests
{
    private static readonly byte[] P = Convert.FromHexString("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly byte[] Valid = Point();

    public static TheoryData<string, byte[]> BadPoints => new()
    {
        { "empty", [] },
        { "infinity", [0x00] },
        { "infinity, padded", new byte[65] },
        { "compressed", [0x02, .. Valid[1..33]] },
        { "hybrid prefix", [0x06, .. Valid[1..]] },
        { "zero prefix", [0x00, .. Valid[1..]] },
        { "one byte short", Valid[..64] },
        { "one byte long", [.. Valid, 0] },
        { "x, y = 0", [0x04, .. new byte[64]] },
        { "off the curve", [.. Valid[..64], (byte)(Valid[64] ^ 1)] },
        { "x = p", [0x04, .. P, .. Valid[33..]] },
        { "y = p", [.. Valid[..33], .. P] },
        { "swapped coordinates", [0x04, .. Valid[33..], .. Valid[1..33]] },
    };

    [Theory]
    [MemberData(nameof(BadPoints))]
    public void TryImport_BadPoint_IsRefused(string what, byte[] point)
    {
        Assert.False(IdentityPublicKey.TryImport(point, out _), what);
        Assert.False(HpkePublicKey.TryImport(point, out _), what);
    }

    [Fact]
    public void TryImport_CoordinateAboveP_IsRefusedThoughItIsTheSameResidue()
    {
        // (0, sqrt(b)) is on the curve; p + 0 = p stands for the same residue and is not the same bytes.
        var y = Convert.FromHexString("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
        Assert.True(IdentityPublicKey.TryImport([0x04, .. new byte[32], .. y], out _));

        Assert.False(IdentityPublicKey.TryImport([0x04, .. P, .. y], out _));
    }

    [Fact]
    public void TryImport_PointsOfGeneratedKeys_AreAccepted()
    {
        for (var i = 0; i < 50; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Assert.True(IdentityPublicKey.TryImport(P256Scalar.Point(key.ExportParameters(includePrivateParameters: false)), out _));
        }
    }

    [Fact]
    public void Verify_SignatureOfAnotherLength_IsRefused()
    {
        using var key = IdentityKey.Generate();
        var signature = key.Sign("data"u8);

        Assert.True(key.Public.Verify("data"u8, signature));
        Assert.False(key.Public.Verify("data"u8, signature.AsSpan(0, 63)));
        Assert.False(key.Public.Verify("data"u8, [.. signature, 0]));
        Assert.False(key.Public.Verify("data"u8, []));
        Assert.False(key.Public.Verify("data"u8, new byte[64]));
    }

    [Fact]
    public void Verify_ManyThreadsOnOneKey_AllAgree()
    {
        using var key = IdentityKey.Generate();
        var good = key.Sign("good"u8);

        var wrong = Enumerable.Range(0, 400).AsParallel().WithDegreeOfParallelism(8)
            .Count(i => key.Public.Verify(i % 2 == 0 ? "good"u8 : "bad"u8, good) != (i % 2 == 0));

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Fingerprint_IsTheHashOfThePoint()
    {
        Assert.True(IdentityPublicKey.TryImport(Valid, out var key));

        Assert.Equal(SHA256.HashData(Valid), key.Fingerprint.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Valid)), key.ToString());
    }

    private static byte[] Point()
    {
        using var key = IdentityKey.Generate();
        return key.Public.Point.ToArray();
    }
}
