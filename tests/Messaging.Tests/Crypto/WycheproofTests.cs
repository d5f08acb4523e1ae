using System.Security.Cryptography;
using System.Text.Json;
using Messaging.Crypto;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Crypto;

/// <summary>The platform's primitives as this project uses them, against the vectors that found others' bugs.</summary>
public sealed class WycheproofTests
{
    [Fact]
    public void Agree_EcdhSecp256r1_AsExpected()
    {
        var counted = ForEach("ecdh_secp256r1_ecpoint_test.json", static (_, test) =>
        {
            var scalar = new byte[32];
            var given = test.Hex("private").AsSpan().TrimStart((byte)0);
            given.CopyTo(scalar.AsSpan(32 - given.Length));
            using var mine = HpkeKeyPair.FromScalar(scalar);
            if (!HpkePublicKey.TryImport(test.Hex("public"), out var peer))
            {
                return null;
            }

            return mine.Agree(peer).AsSpan().SequenceEqual(test.Hex("shared"));
        });

        // "acceptable" are compressed points, which this profile does not use.
        Assert.Equal(355, counted);
    }

    [Fact]
    public void Verify_EcdsaSecp256r1Sha256P1363_AsExpected()
    {
        var counted = ForEach("ecdsa_secp256r1_sha256_p1363_test.json", static (group, test) =>
        {
            var point = group.GetProperty("publicKey").Hex("uncompressed");
            Assert.True(IdentityPublicKey.TryImport(point, out var key), "Every group's key is on the curve.");
            return key.Verify(test.Hex("msg"), test.Hex("sig"));
        });
        Assert.Equal(262, counted);
    }

    [Fact]
    public void AesGcm_Keys256Nonces96Tags128_AsExpected()
    {
        var counted = ForEach("aes_gcm_test.json", static (_, test) =>
        {
            // The HPKE context is the project's own path to AES-GCM: its first nonce is the base nonce.
            using var context = new HpkeContext(test.Hex("key"), test.Hex("iv"), new byte[32]);
            var message = test.Hex("msg");
            byte[] ciphertext = [.. test.Hex("ct"), .. test.Hex("tag")];
            var opened = new byte[message.Length];
            return context.TryOpen(test.Hex("aad"), ciphertext, opened) && opened.AsSpan().SequenceEqual(message);
        });
        Assert.Equal(66, counted);
    }

    [Fact]
    public void Hkdf_Sha256_AsExpected()
    {
        var counted = ForEach("hkdf_sha256_test.json", static (_, test) =>
        {
            var size = test.Number("size");
            if (size > 255 * 32)
            {
                return false;
            }

            var prk = HKDF.Extract(HashAlgorithmName.SHA256, test.Hex("ikm"), test.Hex("salt"));
            var output = new byte[size];
            HKDF.Expand(HashAlgorithmName.SHA256, prk, output, test.Hex("info"));
            return output.AsSpan().SequenceEqual(test.Hex("okm"));
        });
        Assert.Equal(86, counted);
    }

    /// <summary>Runs every test of a file; <paramref name="run"/> gives null where the input is not of the profile's form.</summary>
    private static int ForEach(string file, Func<JsonElement, JsonElement, bool?> run)
    {
        var counted = 0;
        foreach (var group in VectorFile.Read("Vectors", "Wycheproof", file).GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                counted++;
                var result = test.Text("result");
                var expected = result == "valid" ? true : (bool?)false;
                var actual = run(group, test);
                Assert.True(
                    actual == expected || (actual is null && result is "acceptable" or "invalid"),
                    $"{file} #{test.Number("tcId")} ({test.Text("comment")}): expected {result}, was {actual}.");
            }
        }

        return counted;
    }
}
