using System.Text;
using Messaging.Updates;
using Messaging.Updates.Metadata;

namespace Messaging.Tests.Updates.Metadata;

public sealed class TufJsonParserTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1} {}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("// a\n{}")]
    [InlineData("{}/* a */")]
    [InlineData("\ufeff{}")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("{\"b\":{\"a\":1,\"c\":2,\"a\":1}}")]
    [InlineData("[1.0]")]
    [InlineData("[1.5]")]
    [InlineData("[1e2]")]
    [InlineData("[-0]")]
    [InlineData("[01]")]
    [InlineData("[+1]")]
    [InlineData("[NaN]")]
    [InlineData("[9007199254740992]")]
    [InlineData("[-9007199254740992]")]
    [InlineData("[99999999999999999999999]")]
    [InlineData("[\"\n\"]")]
    [InlineData("""["\ud83d"]""")]
    [InlineData("""["\ude00\ud83d"]""")]
    [InlineData("""["\x41"]""")]
    [InlineData("""{"\ud83d":1}""")]
    [InlineData("[True]")]
    public void Parse_WhatIsNotStrictJson_IsMalformed(string text) => AssertMalformed(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("5b22ff225d")] // a byte that is never in UTF-8
    [InlineData("5b22c0af225d")] // an overlong form
    [InlineData("5b22eda080225d")] // a surrogate
    [InlineData("5b22f4908080225d")] // above the last code point
    [InlineData("7b22ff223a317d")]
    [InlineData("fffe5b005d00")] // UTF-16
    public void Parse_TextThatIsNotUtf8_IsMalformed(string hex) => AssertMalformed(Convert.FromHexString(hex));

    [Fact]
    public void Parse_AtItsLimitsAndBeyond_IsReadAndMalformed()
    {
        Parse(Nested(TufLimits.MaxDepth));
        AssertMalformed(Encoding.UTF8.GetBytes(Nested(TufLimits.MaxDepth + 1)));
        AssertMalformed(Encoding.UTF8.GetBytes(new string('[', 1_000_000)));

        Parse($"[{string.Join(',', Enumerable.Repeat("1", TufLimits.MaxValues - 1))}]");
        AssertMalformed(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("1", TufLimits.MaxValues))}]"));

        Parse($"[\"{new string('a', TufLimits.MaxTextBytes)}\"]");
        AssertMalformed(Encoding.UTF8.GetBytes($"[\"{new string('a', TufLimits.MaxTextBytes + 1)}\"]"));
        AssertMalformed(Encoding.UTF8.GetBytes($"{{\"{new string('a', TufLimits.MaxTextBytes + 1)}\":1}}"));
    }

    [Fact]
    public void Find_EachMember_IsFound()
    {
        var value = Parse("""{"c":3,"a":1,"b":2,"ab":4}""");

        Assert.Equal(1, value.Find("a"u8)!.Number);
        Assert.Equal(2, value.Find("b"u8)!.Number);
        Assert.Equal(3, value.Find("c"u8)!.Number);
        Assert.Equal(4, value.Find("ab"u8)!.Number);
        Assert.Null(value.Find("d"u8));
        Assert.Null(value.Find(""u8));
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static TufJson Parse(string text) => TufJsonParser.Parse(Encoding.UTF8.GetBytes(text), "test");

    private static void AssertMalformed(byte[] bytes) =>
        Assert.Equal(TufFailure.Malformed, Assert.Throws<TufException>(() => TufJsonParser.Parse(bytes, "test")).Failure);
}
