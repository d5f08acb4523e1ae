using System.Security.Cryptography;
using Messaging.Updates.Keys;

namespace Messaging.Tests.Updates.Keys;

public sealed class RsaPssSchemeTests
{
    private static readonly byte[] Data = "what is signed"u8.ToArray();

    private readonly RsaPssScheme _scheme = new();

    [Fact]
    public void Verify_PssOnly_IsRight()
    {
        using var key = RSA.Create(2048);
        var imported = _scheme.Import(key.ExportSubjectPublicKeyInfoPem());

        Assert.NotNull(imported);
        Assert.True(_scheme.Verify(imported, Data, key.SignData(Data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
        Assert.False(_scheme.Verify(imported, [.. Data, 0], key.SignData(Data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
        Assert.False(_scheme.Verify(imported, Data, key.SignData(Data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        Assert.False(_scheme.Verify(imported, Data, key.SignData(Data, HashAlgorithmName.SHA512, RSASignaturePadding.Pss)));
        Assert.False(_scheme.Verify(imported, Data, []));
    }

    [Fact]
    public void Import_ShortKeysAndOtherKeys_AreRefused()
    {
        using var weak = RSA.Create(1024);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Null(_scheme.Import(weak.ExportSubjectPublicKeyInfoPem()));
        Assert.Null(_scheme.Import(other.ExportSubjectPublicKeyInfoPem()));
        Assert.Null(_scheme.Import("RSA"));
    }
}
