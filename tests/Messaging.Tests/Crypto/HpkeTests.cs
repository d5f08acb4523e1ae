using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Tests.Support;

namespace Messaging.Tests.Crypto;

public sealed class HpkeTests
{
    private const int Rounds = 1000;

    [Fact]
    public void Setup_Rfc9180BaseP256Aes256Gcm_GivesTheKeysCiphertextsAndExportsOfTheRfc()
    {
        var vector = VectorFile.Read("Vectors", "Hpke", "rfc9180.json")[0];
        using var recipient = Hpke.DeriveKeyPair(vector.Hex("ikmR"));
        using var same = HpkeKeyPair.FromScalar(vector.Hex("skRm"));
        using var ephemeral = Hpke.DeriveKeyPair(vector.Hex("ikmE"));
        Assert.Equal(vector.Hex("pkRm"), recipient.Public.Point.ToArray());
        Assert.Equal(same.Public, recipient.Public);

        var enc = new byte[Hpke.EncapsulatedBytes];
        using var sender = Hpke.SetupBaseSender(ephemeral, recipient.Public, vector.Hex("info"), enc);
        Assert.Equal(vector.Hex("enc"), enc);
        Assert.True(Hpke.TrySetupBaseRecipient(recipient, enc, vector.Hex("info"), out var receiver));

        Assert.Equal(vector.Text("encryptions_accumulated"), AccumulateEncryptions(sender, receiver));
        Assert.Equal(vector.Text("exports_accumulated"), AccumulateExports(sender, receiver));
        receiver.Dispose();
    }

    [Fact]
    public void TryOpenBase_WhatWasSealed_OpensOnlyWithTheSameKeyInfoAndAad()
    {
        using var recipient = HpkeKeyPair.Generate();
        using var other = HpkeKeyPair.Generate();
        var enc = new byte[Hpke.EncapsulatedBytes];
        var ciphertext = new byte[5 + 16];
        Hpke.SealBase(recipient.Public, "info"u8, "aad"u8, "hello"u8, enc, ciphertext);

        var plaintext = new byte[5];
        Assert.True(Hpke.TryOpenBase(recipient, enc, "info"u8, "aad"u8, ciphertext, plaintext));
        Assert.Equal("hello"u8, plaintext);
        Assert.False(Hpke.TryOpenBase(other, enc, "info"u8, "aad"u8, ciphertext, plaintext));
        Assert.False(Hpke.TryOpenBase(recipient, enc, "inf"u8, "aad"u8, ciphertext, plaintext));
        Assert.False(Hpke.TryOpenBase(recipient, enc, "info"u8, "aa"u8, ciphertext, plaintext));
    }

    [Fact]
    public void TryOpenBase_AnyByteChangedOrMissing_IsRefused()
    {
        using var recipient = HpkeKeyPair.Generate();
        var enc = new byte[Hpke.EncapsulatedBytes];
        var ciphertext = new byte[5 + 16];
        Hpke.SealBase(recipient.Public, [], [], "hello"u8, enc, ciphertext);

        for (var i = 0; i < enc.Length; i++)
        {
            var changed = (byte[])enc.Clone();
            changed[i] ^= 1;
            Assert.False(Hpke.TryOpenBase(recipient, changed, [], [], ciphertext, new byte[5]), $"enc byte {i}");
            Assert.False(Hpke.TryOpenBase(recipient, enc.AsSpan(0, i), [], [], ciphertext, new byte[5]), $"enc cut at {i}");
        }

        for (var i = 0; i < ciphertext.Length; i++)
        {
            var changed = (byte[])ciphertext.Clone();
            changed[i] ^= 0x80;
            Assert.False(Hpke.TryOpenBase(recipient, enc, [], [], changed, new byte[5]), $"ciphertext byte {i}");
            Assert.False(Hpke.TryOpenBase(recipient, enc, [], [], ciphertext.AsSpan(0, i), new byte[Math.Max(0, i - 16)]), $"ciphertext cut at {i}");
        }
    }

    [Fact]
    public void TryOpen_AfterARefusedMessage_StillOpensTheRightOne()
    {
        using var recipient = HpkeKeyPair.Generate();
        var enc = new byte[Hpke.EncapsulatedBytes];
        using var sender = Hpke.SetupBaseSender(recipient.Public, [], enc);
        Assert.True(Hpke.TrySetupBaseRecipient(recipient, enc, [], out var receiver));
        var ciphertext = new byte[17];
        sender.Seal([], "a"u8, ciphertext);

        Assert.False(receiver.TryOpen("x"u8, ciphertext, new byte[1]));
        Assert.True(receiver.TryOpen([], ciphertext, new byte[1]));
        Assert.False(receiver.TryOpen([], ciphertext, new byte[1]));
        receiver.Dispose();
    }

    private static string AccumulateEncryptions(HpkeContext sender, HpkeContext receiver)
    {
        var source = new Stream();
        using var sink = new Shake128();
        for (var i = 0; i < Rounds; i++)
        {
            var aad = Draw(source);
            var plaintext = Draw(source);
            var ciphertext = new byte[plaintext.Length + 16];
            sender.Seal(aad, plaintext, ciphertext);
            sink.AppendData(ciphertext);

            var opened = new byte[plaintext.Length];
            Assert.True(receiver.TryOpen(aad, ciphertext, opened));
            Assert.Equal(plaintext, opened);
        }

        return Convert.ToHexStringLower(sink.GetHashAndReset(16));
    }

    private static string AccumulateExports(HpkeContext sender, HpkeContext receiver)
    {
        var source = new Stream();
        using var sink = new Shake128();
        for (var length = 0; length < Rounds; length++)
        {
            var context = Draw(source);
            var value = new byte[length];
            var same = new byte[length];
            sender.Export(context, value);
            receiver.Export(context, same);
            Assert.Equal(value, same);
            sink.AppendData(value);
        }

        return Convert.ToHexStringLower(sink.GetHashAndReset(16));
    }

    /// <summary>A length byte, then that many bytes, from one endless stream.</summary>
    private static byte[] Draw(Stream source) => source.Read(source.Read(1)[0]);

    /// <summary>SHAKE128 of nothing. Not every platform can squeeze it bit by bit, so it is squeezed once.</summary>
    private sealed class Stream
    {
        private readonly byte[] _bytes = Shake128.HashData([], 2 * Rounds * 256);
        private int _position;

        public byte[] Read(int length)
        {
            _position += length;
            return _bytes[(_position - length).._position];
        }
    }
}
