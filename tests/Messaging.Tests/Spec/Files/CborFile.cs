using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class CborFile : VectorDocument
{
    private static readonly (string Hex, string Why)[] Accepted =
    [
        ("00", "0"), ("17", "23"), ("1818", "24"), ("18ff", "255"), ("190100", "256"), ("19ffff", "65535"), ("1a00010000", "65536"),
        ("1affffffff", "2^32-1"), ("1b0000000100000000", "2^32"), ("1bffffffffffffffff", "2^64-1"), ("20", "-1"), ("37", "-24"), ("3818", "-25"),
        ("3bffffffffffffffff", "-2^64: well-formed, though no field takes it"), ("40", "an empty byte string"), ("4401020304", "bytes"),
        ("60", "an empty text"), ("62c3bc", "ü"), ("64f09f9880", "four bytes of UTF-8"), ("6100", "a text with U+0000"), ("80", "an empty array"),
        ("83010203", "an array"), ("a0", "an empty map"), ("a10126", "{1: -7}"), ("a40000170020003700", "keys 0, 23, -1, -24, ascending by their byte"),
        ("f4", "false"), ("f5", "true"), ("f6", "null"), ("8181818181818181818181818181818100", "16 nested arrays"),
    ];

    private static readonly (string Hex, string Why)[] Refused =
    [
        ("", "nothing"), ("0000", "a byte after the item"), ("1800", "0 in two bytes"), ("1817", "23 in two bytes"), ("190018", "24 in three bytes"),
        ("1900ff", "255 in three bytes"), ("1a0000ffff", "65535 in five bytes"), ("1b00000000ffffffff", "2^32-1 in nine bytes"),
        ("3817", "-24 in two bytes"), ("5800", "long head of an empty byte string"), ("7800", "long head of an empty text"),
        ("9800", "long head of an empty array"), ("b800", "long head of an empty map"), ("18", "head cut off"), ("1b00000001000000", "long head cut off"),
        ("1c", "additional information 28"), ("1d", "additional information 29"), ("1e", "additional information 30"), ("1f", "additional information 31"),
        ("5f4100ff", "indefinite byte string"), ("7f6161ff", "indefinite text"), ("9f00ff", "indefinite array"), ("bf0000ff", "indefinite map"),
        ("ff", "break"), ("4201", "byte string cut off"), ("5b7fffffffffffffff", "byte string of 2^63-1 bytes"),
        ("9b7fffffffffffffff", "array of 2^63-1 items"), ("bb7fffffffffffffff", "map of 2^63-1 pairs"), ("8200", "array cut off"), ("a100", "map cut off"),
        ("61ff", "not UTF-8"), ("62c080", "overlong UTF-8"), ("63eda080", "surrogate in UTF-8"), ("64f4908080", "above U+10FFFF"),
        ("a200000000", "key twice"), ("a201000000", "keys descend"), ("a220000100", "negative key before a positive one"), ("a1181800", "key 24"),
        ("a1381800", "key -25"), ("a1616100", "text key"), ("a1410000", "bytes key"), ("c000", "tag 0"), ("d28443a10126a04041", "tag 18"),
        ("f7", "undefined"), ("e0", "simple value 0"), ("f818", "simple value 24"), ("f8ff", "simple value 255"), ("f93c00", "half float"),
        ("fa3f800000", "single float"), ("fb3ff0000000000000", "double float"), ("818181818181818181818181818181818100", "17 nested arrays"),
    ];

    public override string Name => "cbor.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Whole inputs. Accepted ones encode again to the same bytes.",
        ["accepted"] = Array(Accepted.Select(Entry)),
        ["refused"] = Array(Refused.Select(Entry)),
    };

    public override void Verify(JsonElement file)
    {
        foreach (var accepted in Each(file, "accepted"))
        {
            Assert.True(CborReader.IsWellFormed(Bytes(accepted, "hex")), Why(accepted));
            Messaging.Fuzz.Targets.CborTarget.Fuzz(Bytes(accepted, "hex"));
        }

        foreach (var refused in Each(file, "refused"))
        {
            Assert.False(CborReader.IsWellFormed(Bytes(refused, "hex")), Why(refused));
        }
    }

    private static JsonObject Entry((string Hex, string Why) entry) => new() { ["why"] = entry.Why, ["hex"] = entry.Hex };
}
