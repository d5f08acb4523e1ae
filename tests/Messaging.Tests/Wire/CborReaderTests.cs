using Messaging.Wire;

namespace Messaging.Tests.Wire;

public sealed class CborReaderTests
{
    [Theory]
    [InlineData("", "nothing")]
    [InlineData("0000", "a trailing byte")]
    [InlineData("1800", "0 in two bytes")]
    [InlineData("1817", "23 in two bytes")]
    [InlineData("190018", "24 in three bytes")]
    [InlineData("1900ff", "255 in three bytes")]
    [InlineData("1a0000ffff", "65535 in five bytes")]
    [InlineData("1b00000000ffffffff", "2^32-1 in nine bytes")]
    [InlineData("3817", "-24 in two bytes")]
    [InlineData("5800", "an empty byte string with a long head")]
    [InlineData("7800", "an empty text with a long head")]
    [InlineData("9800", "an empty array with a long head")]
    [InlineData("b800", "an empty map with a long head")]
    [InlineData("18", "a head cut off")]
    [InlineData("1b00000001000000", "a long head cut off")]
    [InlineData("1c", "reserved additional information 28")]
    [InlineData("1d", "reserved additional information 29")]
    [InlineData("1e", "reserved additional information 30")]
    [InlineData("1f", "indefinite integer")]
    [InlineData("5f4100ff", "indefinite byte string")]
    [InlineData("7f6161ff", "indefinite text")]
    [InlineData("9f00ff", "indefinite array")]
    [InlineData("bf0000ff", "indefinite map")]
    [InlineData("ff", "break")]
    [InlineData("4201", "a byte string cut off")]
    [InlineData("5b7fffffffffffffff", "a byte string of 2^63-1 bytes")]
    [InlineData("5bffffffffffffffff", "a byte string of 2^64-1 bytes")]
    [InlineData("9b7fffffffffffffff", "an array of 2^63-1 items")]
    [InlineData("8200", "an array cut off")]
    [InlineData("61ff", "text that is not UTF-8")]
    [InlineData("62c080", "overlong UTF-8")]
    [InlineData("63eda080", "a surrogate in UTF-8")]
    [InlineData("64f4908080", "above U+10FFFF in UTF-8")]
    [InlineData("a200000000", "a duplicate key")]
    [InlineData("a201000000", "keys that descend")]
    [InlineData("a220000100", "a negative key before a positive one")]
    [InlineData("a1181800", "key 24")]
    [InlineData("a1381800", "key -25")]
    [InlineData("a1616100", "a text key")]
    [InlineData("a100", "a map cut off")]
    [InlineData("c000", "tag 0")]
    [InlineData("d28443a10126a04041", "tag 18")]
    [InlineData("f7", "undefined")]
    [InlineData("e0", "simple value 0")]
    [InlineData("f818", "simple value 24")]
    [InlineData("f8ff", "simple value 255")]
    [InlineData("f93c00", "a half float")]
    [InlineData("fa3f800000", "a single float")]
    [InlineData("fb3ff0000000000000", "a double float")]
    [InlineData("818181818181818181818181818181818100", "17 nested arrays")]
    public void IsWellFormed_NotTheStrictSubset_IsFalse(string hex, string what) =>
        Assert.False(CborReader.IsWellFormed(Convert.FromHexString(hex)), what);

    [Theory]
    [InlineData("00")]
    [InlineData("17")]
    [InlineData("1818")]
    [InlineData("18ff")]
    [InlineData("190100")]
    [InlineData("19ffff")]
    [InlineData("1a00010000")]
    [InlineData("1affffffff")]
    [InlineData("1b0000000100000000")]
    [InlineData("1bffffffffffffffff")]
    [InlineData("20")]
    [InlineData("3bffffffffffffffff")]
    [InlineData("40")]
    [InlineData("60")]
    [InlineData("64f09f9880")]
    [InlineData("80")]
    [InlineData("a0")]
    [InlineData("a40000170020003700")]
    [InlineData("f4")]
    [InlineData("f5")]
    [InlineData("f6")]
    [InlineData("8181818181818181818181818181818100")]
    public void IsWellFormed_TheStrictSubset_IsTrue(string hex) => Assert.True(CborReader.IsWellFormed(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("3b7fffffffffffffff", long.MinValue)]
    [InlineData("20", -1L)]
    [InlineData("1b7fffffffffffffff", long.MaxValue)]
    public void TryReadInt64_WithinRange_GivesTheValue(string hex, long expected)
    {
        var reader = new CborReader(Convert.FromHexString(hex));

        Assert.True(reader.TryReadInt64(out var value));
        Assert.Equal(expected, value);
        Assert.True(reader.AtEnd);
    }

    [Theory]
    [InlineData("1b8000000000000000")]
    [InlineData("3b8000000000000000")]
    [InlineData("f6")]
    public void TryReadInt64_OutOfRange_IsFalse(string hex) => Assert.False(new CborReader(Convert.FromHexString(hex)).TryReadInt64(out _));

    [Fact]
    public void TryReadNull_SomethingElse_LeavesTheReaderWhereItWas()
    {
        var reader = new CborReader([0x01]);

        Assert.False(reader.TryReadNull());
        Assert.True(reader.TryReadUInt64(out var value));
        Assert.Equal(1UL, value);
    }

    [Fact]
    public void TryRead_AboveTheLimit_IsFalse()
    {
        Assert.False(new CborReader([0x43, 1, 2, 3]).TryReadBytes(out _, 2));
        Assert.False(new CborReader([0x43, 1, 2, 3]).TryReadFixedBytes(2, out _));
        Assert.False(new CborReader([0x43, 1, 2, 3]).TryReadFixedBytes(4, out _));
        Assert.False(new CborReader([0x63, 97, 97, 97]).TryReadText(out _, 2));
        Assert.False(new CborReader([0x82, 0, 0]).TryReadArrayHead(out _, 1));
        Assert.False(new CborReader([0x18, 0xff]).TryReadUInt32(out _, 254));
        Assert.False(new CborReader([0x1b, 0, 0, 0, 1, 0, 0, 0, 0]).TryReadUInt32(out _));
    }
}
