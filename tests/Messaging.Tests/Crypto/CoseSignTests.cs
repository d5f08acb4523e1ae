using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Crypto;

public sealed class CoseSignTests
{
    [Fact]
    public void Sign_BySeveral_ThePlatformVerifiesEach()
    {
        var message = CoseMessage.DecodeMultiSign(CoseSignWriter.Sign([Samples.Root, Samples.Owner], "label"u8, "payload"u8));

        Assert.Equal("payload"u8.ToArray(), message.Content!.Value.ToArray());
        Assert.Equal(2, message.Signatures.Count);
        Assert.All(new[] { Samples.Root, Samples.Owner }, key =>
        {
            using var peer = ECDsa.Create();
            peer.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
            Assert.Single(message.Signatures, signature => signature.VerifyEmbedded(peer, "label"u8));
            Assert.DoesNotContain(message.Signatures, signature => signature.VerifyEmbedded(peer, "another"u8));
        });
    }

    [Fact]
    public void IsSignedBy_WhatThePlatformSigns_IsAccepted()
    {
        using var peer = ECDsa.Create();
        peer.ImportPkcs8PrivateKey(Samples.Root.ExportPkcs8(), out _);
        var signer = new CoseSigner(peer, HashAlgorithmName.SHA256);
        signer.UnprotectedHeaders.Add(CoseHeaderLabel.KeyIdentifier, Samples.Root.Public.Fingerprint[..8].ToArray());
        var signed = CoseMultiSignMessage.SignEmbedded("payload"u8, signer, protectedHeaders: null, unprotectedHeaders: null, "label"u8);

        // The platform writes tag 98 first; the profile does not.
        Assert.Equal([0xd8, 98], signed[..2]);
        Assert.False(CoseSignReader.TryRead(signed, out _));
        Assert.True(CoseSignReader.TryRead(signed.AsSpan(2), out var message));
        Assert.True(message.IsSignedBy(Samples.Root.Public, "label"u8));
        Assert.Equal("payload"u8, message.Payload);
    }

    [Fact]
    public void IsSignedBy_EveryBitFlippedAndEveryTruncation_IsRefused() => Mutations.AssertNoneAccepted(
        CoseSignWriter.Sign([Samples.Root, Samples.Owner], "label"u8, "payload"u8),
        static data => CoseSignReader.TryRead(data, out var message)
            && message.IsSignedBy(Samples.Root.Public, "label"u8) && message.IsSignedBy(Samples.Owner.Public, "label"u8));

    [Fact]
    public void IsSignedBy_AnotherKeyLabelOrSignatureOfOneKeyOnly_IsRefused()
    {
        // A COSE_Sign1 of the same key and label is no COSE_Sign, whatever is built around its signature.
        Assert.True(CoseSign1Reader.TryRead(CoseSign1Writer.Sign(Samples.Root, "label"u8, "payload"u8), out var single));
        var moved = CoseSignWriter.Assemble("payload"u8, [new(Kid.OfSigner(Samples.Root.Public), single.Signature.ToArray())]);
        Assert.True(CoseSignReader.TryRead(moved, out var message));
        Assert.False(message.IsSignedBy(Samples.Root.Public, "label"u8));

        Assert.True(CoseSignReader.TryRead(CoseSignWriter.Sign([Samples.Root], "label"u8, "payload"u8), out message));
        Assert.True(message.IsSignedBy(Samples.Root.Public, "label"u8));
        Assert.False(message.IsSignedBy(Samples.Root.Public, "labe"u8));
        Assert.False(message.IsSignedBy(Samples.Owner.Public, "label"u8));
    }

    [Fact]
    public void TryAdd_OneAfterTheOther_GivesWhatAllTogetherSign()
    {
        var signed = CoseSignWriter.Sign([Samples.Root], "label"u8, "payload"u8);

        Assert.True(CoseSignWriter.TryAdd(signed, Samples.Owner, "label"u8, out var both));
        Assert.True(CoseSignWriter.TryAdd(both, Samples.Root, "label"u8, out var again));

        Assert.True(CoseSignReader.TryRead(again, out var message));
        Assert.Equal(2, message.Count);
        Assert.True(message.IsSignedBy(Samples.Root.Public, "label"u8));
        Assert.True(message.IsSignedBy(Samples.Owner.Public, "label"u8));
        Assert.False(CoseSignWriter.TryAdd(signed.AsSpan(1), Samples.Owner, "label"u8, out _));
    }

    [Fact]
    public void TryAdd_ANinthSignature_IsRefused()
    {
        var keys = Enumerable.Range(0, 9).Select(_ => IdentityKey.Generate()).ToList();
        var full = CoseSignWriter.Sign(keys[..8], "label"u8, "payload"u8);

        Assert.True(CoseSignReader.TryRead(full, out _));
        Assert.False(CoseSignWriter.TryAdd(full, keys[8], "label"u8, out _));
        Assert.Throws<ArgumentException>(() => CoseSignWriter.Sign(keys, "label"u8, "payload"u8));
        Assert.Throws<ArgumentException>(() => CoseSignWriter.Sign([], "label"u8, "payload"u8));
        Assert.Throws<ArgumentException>(() => CoseSignWriter.Sign([keys[0], keys[0]], "label"u8, "payload"u8));
        keys.ForEach(key => key.Dispose());
    }
}
