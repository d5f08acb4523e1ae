using System.Security.Cryptography;
using Messaging.Tests.Support;
using Messaging.Updates.Keys;

namespace Messaging.Tests.Updates.Keys;

public sealed class P256SchemeTests
{
    private static readonly byte[] Data = "what is signed"u8.ToArray();

    private readonly P256Scheme _scheme = new();

    [Fact]
    public void Verify_Wycheproof_AsExpected()
    {
        var counted = 0;
        foreach (var group in VectorFile.Read("Vectors", "Wycheproof", "ecdsa_secp256r1_sha256_test.json").GetProperty("testGroups").EnumerateArray())
        {
            var key = group.GetProperty("publicKey").Hex("uncompressed");
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                counted++;
                Assert.True(
                    _scheme.Verify(key, test.Hex("msg"), test.Hex("sig")) == (test.Text("result") == "valid"), $"#{test.Number("tcId")} ({test.Text("comment")})");
            }
        }

        Assert.Equal(484, counted);
    }

    [Fact]
    public void Import_PemOfOthers_GivesThePoint()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportSubjectPublicKeyInfoPem();
        var imported = _scheme.Import(pem);

        Assert.Equal(65, imported!.Length);
        Assert.Equal(imported, _scheme.Import(pem + "\n"));
        Assert.Equal(imported, _scheme.Import(pem.Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.True(_scheme.Verify(imported, Data, key.SignData(Data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
        Assert.False(_scheme.Verify(imported, Data, key.SignData(Data, HashAlgorithmName.SHA256)));
        Assert.False(_scheme.Verify(imported, Data, []));
    }

    [Fact]
    public void Import_WhatIsNoKeyOfTheCurve_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var pem = key.ExportSubjectPublicKeyInfoPem();
        var info = key.ExportSubjectPublicKeyInfo();
        info[^1] ^= 1;

        Assert.Null(_scheme.Import(""));
        Assert.Null(_scheme.Import("-----BEGIN PUBLIC KEY-----"));
        Assert.Null(_scheme.Import("-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----"));
        Assert.Null(_scheme.Import(pem + pem));
        Assert.Null(_scheme.Import(pem.Replace("PUBLIC", "PRIVATE", StringComparison.Ordinal)));
        Assert.Null(_scheme.Import(other.ExportSubjectPublicKeyInfoPem()));
        Assert.Null(_scheme.Import(PemEncoding.WriteString("PUBLIC KEY", info)));
        Assert.Null(_scheme.Import(PemEncoding.WriteString("PUBLIC KEY", [.. key.ExportSubjectPublicKeyInfo(), 0])));
    }

    [Theory]
    [InlineData("ecdsa", "ecdsa-sha2-nistp256", true)]
    [InlineData("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", true)]
    [InlineData("ecdsa", "ecdsa-sha2-nistp384", false)]
    [InlineData("ed25519", "ed25519", false)]
    [InlineData("rsa", "ecdsa-sha2-nistp256", false)]
    public void CanVerify_TypesAndSchemes_AsTheSpecificationNamesThem(string keyType, string scheme, bool expected) =>
        Assert.Equal(expected, _scheme.CanVerify(keyType, scheme));
}
