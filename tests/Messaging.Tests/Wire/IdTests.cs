using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Tests.Wire;

public sealed class IdTests
{
    [Fact]
    public void FromIdentityKey_IsTheBeginningOfALabelledHash()
    {
        using var key = IdentityKey.Generate();
        byte[] input = [.. Encoding.ASCII.GetBytes("messaging/1/principal"), 0, .. key.Public.Point];

        var id = PrincipalId.FromIdentityKey(key.Public);

        Assert.Equal(SHA256.HashData(input)[..16], id.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(input)[..16]), id.ToString());
    }

    [Fact]
    public void TryParse_WhatToStringGave_IsTheSameId() => Gen.Byte.Array[16].Sample(static bytes =>
    {
        Assert.True(PrincipalId.TryRead(bytes, out var id));
        Assert.True(PrincipalId.TryParse(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
        Assert.Equal(bytes, parsed.ToArray());
        Assert.Equal(32, id.ToString().Length);
        Assert.True(EpochId.TryRead(bytes, out var epoch));
        Assert.Equal(id.ToString(), epoch.ToString());
        Assert.Equal(epoch.ToString()[..16], epoch.Kid.ToString());
        Assert.True(Kid.TryRead(bytes.AsSpan(0, 8), out var kid));
        Assert.Equal(kid, epoch.Kid);
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("0123456789ABCDEF0123456789abcdef")]
    [InlineData("0123456789abcdeg0123456789abcdef")]
    [InlineData(" 123456789abcdef0123456789abcdef")]
    public void TryParse_AnythingElse_IsFalse(string? text)
    {
        Assert.False(PrincipalId.TryParse(text, out _));
        Assert.False(EpochId.TryParse(text, out _));
    }

    [Fact]
    public void CompareTo_AnyIds_IsTheOrderOfTheirTexts() => Gen.Select(Gen.Byte.Array[16], Gen.Byte.Array[16]).Sample(static (left, right) =>
    {
        Assert.True(PrincipalId.TryRead(left, out var a) & PrincipalId.TryRead(right, out var b));
        Assert.Equal(Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString())), a.CompareTo(b));
        Assert.Equal(a == b, a.Equals(b));
    });

    [Fact]
    public void Topics_OfAPrincipal_AreParsedBack()
    {
        var id = PrincipalId.Parse("0123456789abcdef0123456789abcdef");

        Assert.Equal("m1/d/0123456789abcdef0123456789abcdef/up", Topics.Up(id));
        Assert.Equal("m1/d/0123456789abcdef0123456789abcdef/down", Topics.Down(id));
        Assert.Equal("m1/g/0123456789abcdef0123456789abcdef/down", Topics.GroupDown(id));
        Assert.Equal("m1/relay/presence/0123456789abcdef0123456789abcdef", Topics.Presence(id));
        Assert.True(Topics.TryParseUp(Topics.Up(id), out var up) && up == id);
        Assert.True(Topics.TryParsePresence(Topics.Presence(id), out var presence) && presence == id);
        Assert.False(Topics.TryParseUp(Topics.Down(id), out _));
        Assert.False(Topics.TryParseUp("m1/d/+/up", out _));
        Assert.False(Topics.TryParsePresence("m1/relay/presence/+", out _));
    }

    [Fact]
    public void Truncate_AnyText_FitsAndIsTheLongestBeginning() => Gen.Select(Gen.String, Gen.Int[0, 20]).Sample(static (text, max) =>
    {
        var cut = Utf8Text.Truncate(text, max);
        Assert.StartsWith(cut, text, StringComparison.Ordinal);
        Assert.True(Encoding.UTF8.GetByteCount(cut) <= max);
        if (cut.Length < text.Length)
        {
            var next = char.IsHighSurrogate(text[cut.Length]) && cut.Length + 1 < text.Length && char.IsLowSurrogate(text[cut.Length + 1]) ? 2 : 1;
            Assert.True(Encoding.UTF8.GetByteCount(text[..(cut.Length + next)]) > max);
        }
    });
}
