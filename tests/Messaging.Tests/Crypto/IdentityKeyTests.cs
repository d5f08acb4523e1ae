using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Tests.Crypto;

public sealed class IdentityKeyTests
{
    [Fact]
    public void Sign_ManyThreadsOnOneKey_EverySignatureVerifies()
    {
        using var key = IdentityKey.Generate();
        var data = RandomNumberGenerator.GetBytes(100);

        var verified = Enumerable.Range(0, 200).AsParallel().WithDegreeOfParallelism(8).Count(_ => key.Public.Verify(data, key.Sign(data)));

        Assert.Equal(200, verified);
    }

    [Fact]
    public void TryImportPkcs8_WhatWasExported_IsTheSameKey()
    {
        using var key = IdentityKey.Generate();

        Assert.True(IdentityKey.TryImportPkcs8(key.ExportPkcs8(), out var again));

        Assert.Equal(key.Public, again.Public);
        Assert.True(key.Public.Verify("data"u8, again.Sign("data"u8)));
        again.Dispose();
    }

    [Fact]
    public void TryImportPkcs8_KeyOfAnotherCurve_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.False(IdentityKey.TryImportPkcs8(other.ExportPkcs8PrivateKey(), out _));
        Assert.False(HpkeKeyPair.TryImportPkcs8(other.ExportPkcs8PrivateKey(), out _));
    }

    [Fact]
    public void TryImportPkcs8_GarbageOrTrailingBytes_IsRefused()
    {
        using var key = IdentityKey.Generate();
        byte[] longer = [.. key.ExportPkcs8(), 0];

        Assert.False(IdentityKey.TryImportPkcs8(longer, out _));
        Assert.False(IdentityKey.TryImportPkcs8([1, 2, 3], out _));
        Assert.False(HpkeKeyPair.TryImportPkcs8(longer, out _));
        Assert.False(HpkeKeyPair.TryImportPkcs8([], out _));
    }

    [Fact]
    public void HpkeTryImportPkcs8_WhatWasExported_OpensWhatWasSealedToIt()
    {
        using var key = HpkeKeyPair.Generate();
        Assert.True(HpkeKeyPair.TryImportPkcs8(key.ExportPkcs8(), out var again));

        Assert.True(SealedMessage.TryOpen(SealedMessage.Seal(key.Public, "info"u8, "hello"u8), [again], "info"u8, out var plaintext, out var with));

        Assert.Equal("hello"u8, plaintext);
        Assert.Same(again, with);
        Assert.Equal(key.Kid, again.Kid);
        again.Dispose();
    }

    [Fact]
    public void Sign_AfterDispose_Throws()
    {
        var key = IdentityKey.Generate();
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign("data"u8));
    }

    [Fact]
    public void Kid_IsTheBeginningOfTheHashOfThePoint()
    {
        using var key = HpkeKeyPair.Generate();

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(key.Public.Point)[..8]), key.Kid.ToString());
    }
}
