using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using System.Text.Json;
using CsCheck;
using Messaging.Crypto;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Crypto;

public sealed class CoseSign1Tests
{
    [Theory]
    [InlineData("sign-pass-02.json", true)]
    [InlineData("sign-pass-03.json", true)]
    // Its algorithm stands in the unprotected header, where anybody could change it.
    [InlineData("sign-pass-01.json", false)]
    [InlineData("sign-fail-01.json", false)]
    [InlineData("sign-fail-02.json", false)]
    [InlineData("sign-fail-03.json", false)]
    [InlineData("sign-fail-04.json", false)]
    [InlineData("sign-fail-06.json", false)]
    [InlineData("sign-fail-07.json", false)]
    public void Verify_CoseWorkingGroupExample_AsExpected(string file, bool expected)
    {
        var vector = VectorFile.Read("Vectors", "Cose", file);
        var sign0 = vector.GetProperty("input").GetProperty("sign0");
        var key = sign0.GetProperty("key");
        Assert.True(IdentityPublicKey.TryImport([0x04, .. Base64(key, "x"), .. Base64(key, "y")], out var publicKey));
        var externalAad = sign0.TryGetProperty("external", out var external) ? Convert.FromHexString(external.GetString()!) : [];
        var message = vector.GetProperty("output").Hex("cbor");

        Assert.Equal(expected, Verify(message, publicKey, externalAad));
    }

    [Fact]
    public void TryRead_UnprotectedHeader_IsNotTheProfilesForm()
    {
        var foreign = VectorFile.Read("Vectors", "Cose", "sign-pass-02.json").GetProperty("output").Hex("cbor");

        Assert.False(CoseSign1Reader.TryRead(foreign.AsSpan(1), out _));
    }

    [Fact]
    public void Sign_AnyPayloadAndLabel_ThePlatformVerifies()
    {
        using var key = IdentityKey.Generate();
        using var peer = ECDsa.Create();
        peer.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 40]).Sample((payload, label) =>
        {
            var message = CoseMessage.DecodeSign1(CoseSign1Writer.Sign(key, label, payload));
            Assert.True(message.VerifyEmbedded(peer, label));
            Assert.Equal(payload, message.Content!.Value.ToArray());
        }, iter: 100);
    }

    [Fact]
    public void Verify_WhatThePlatformSigns_IsAccepted()
    {
        using var key = IdentityKey.Generate();
        using var peer = ECDsa.Create();
        peer.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        var signed = CoseSign1Message.SignEmbedded("payload"u8.ToArray(), new CoseSigner(peer, HashAlgorithmName.SHA256), "label"u8.ToArray());

        // The platform writes tag 18 first; the profile does not.
        Assert.Equal(0xd2, signed[0]);
        Assert.False(CoseSign1Reader.TryRead(signed, out _));
        Assert.True(CoseSign1Reader.TryRead(signed.AsSpan(1), out var message));
        Assert.True(message.Verify(key.Public, "label"u8));
        Assert.Equal("payload"u8, message.Payload);
    }

    [Fact]
    public void Verify_EveryBitFlippedAndEveryTruncation_IsRefused()
    {
        using var key = IdentityKey.Generate();
        var signed = CoseSign1Writer.Sign(key, "label"u8, "payload"u8);

        Mutations.AssertNoneAccepted(signed, data => CoseSign1Reader.TryRead(data, out var message) && message.Verify(key.Public, "label"u8));
    }

    [Fact]
    public void Verify_AnotherLabelOrKey_IsRefused()
    {
        using var key = IdentityKey.Generate();
        using var other = IdentityKey.Generate();
        var signed = CoseSign1Writer.Sign(key, "label"u8, "payload"u8);

        Assert.True(CoseSign1Reader.TryRead(signed, out var message));
        Assert.True(message.Verify(key.Public, "label"u8));
        Assert.False(message.Verify(key.Public, "label2"u8));
        Assert.False(message.Verify(other.Public, "label"u8));
    }

    /// <summary>Tag 18 may stand before a COSE_Sign1; the profile's reader knows no tags.</summary>
    private static bool Verify(byte[] data, IdentityPublicKey key, byte[] externalAad) =>
        CoseSign1Reader.TryReadForeign(data.AsSpan(data[0] == 0xd2 ? 1 : 0), out var message) && message.Verify(key, externalAad);

    private static byte[] Base64(JsonElement key, string property) => System.Buffers.Text.Base64Url.DecodeFromChars(key.Text(property));
}
