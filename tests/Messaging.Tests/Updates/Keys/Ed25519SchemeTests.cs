using Messaging.Tests.Support;
using Messaging.Updates.Keys;

namespace Messaging.Tests.Updates.Keys;

public sealed class Ed25519SchemeTests
{
    private readonly Ed25519Scheme _scheme = new();

    // RFC 8032, section 7.1.
    [Theory]
    [InlineData(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    [InlineData(
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]
    public void Verify_VectorsOfTheRfc_AreRightAndNoByteOfThemIsSpare(string key, string data, string signature)
    {
        Assert.True(Verify(key, data, signature));
        var bytes = Convert.FromHexString(signature);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(1 << (i % 8));
            Assert.False(Verify(key, data, Convert.ToHexStringLower(bytes)), $"A bit of byte {i} flipped.");
            bytes[i] ^= (byte)(1 << (i % 8));
        }

        Assert.False(Verify(key, data + "00", signature));
    }

    [Fact]
    public void Verify_Wycheproof_AsExpected()
    {
        var counted = 0;
        foreach (var group in VectorFile.Read("Vectors", "Wycheproof", "ed25519_test.json").GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                counted++;
                Assert.True(
                    Verify(group.GetProperty("publicKey").Text("pk"), test.Text("msg"), test.Text("sig")) == (test.Text("result") == "valid"),
                    $"#{test.Number("tcId")} ({test.Text("comment")})");
            }
        }

        Assert.Equal(151, counted);
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")] // the neutral point
    [InlineData("0100000000000000000000000000000000000000000000000000000000000080")] // x = 0 with a sign
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // of order 2
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")] // of order 4
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")] // of order 8
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")] // of order 8
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // y = p
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // y = p + 1
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")] // no point has this y
    [InlineData("D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A")]
    [InlineData("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751")]
    [InlineData("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00")]
    [InlineData("")]
    public void Import_WhatIsNoKey_IsRefused(string key) => Assert.Null(_scheme.Import(key));

    private bool Verify(string key, string data, string signature) =>
        _scheme.Import(key) is { } imported && _scheme.Verify(imported, Convert.FromHexString(data), Convert.FromHexString(signature));
}
