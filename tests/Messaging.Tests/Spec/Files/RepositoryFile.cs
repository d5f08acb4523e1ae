using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.Tests.Spec.Files;

internal sealed class RepositoryFile : VectorDocument
{
    private const int Half = 32;
    private static readonly DateTimeOffset End = new(2027, 11, 30, 12, 0, 0, TimeSpan.Zero);

    public override string Name => "repository.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "keys: their ids in a repository. json, file: bytes. canonical: what signatures are over. signatures: r || s, and the same in DER. metadata: files of a fleet's repository, without signatures.",
        ["keys"] = Array(new[] { "device", "server" }.Select(static name => new JsonObject { ["key"] = name, ["keyId"] = RepositoryKey.Of(Maker.Identity(name)).Id })),
        ["canonical"] = Array(Texts().Select(static text => new JsonObject { ["json"] = Hex(text), ["canonical"] = Hex(CanonicalJson.Write(TufJsonParser.Parse(text, "vector"))) })),
        ["refusedJson"] = Array(RefusedTexts().Select(static one => new JsonObject { ["why"] = one.Why, ["json"] = Hex(one.Json) })),
        ["signatures"] = Array(Signatures().Select(static one => new JsonObject { ["fixed"] = Hex(one), ["der"] = Hex(EcdsaDerWriter.FromFixed(one)) })),
        ["refusedSignatures"] = Array(RefusedSignatures().Select(static one => new JsonObject { ["why"] = one.Why, ["der"] = Hex(one.Der) })),
        ["metadata"] = Array(Documents().Select(static one => new JsonObject { ["role"] = one.Role, ["digest"] = one.Digest, ["file"] = Hex(one.Encode()) })),
    };

    public override void Verify(JsonElement file)
    {
        Assert.All(Each(file, "keys"), static one => Assert.Equal(one.GetProperty("keyId").GetString(), RepositoryKey.Of(Maker.Identity(one.GetProperty("key").GetString()!)).Id));
        Assert.All(Each(file, "canonical"), static one => Assert.Equal(Bytes(one, "canonical"), CanonicalJson.Write(TufJsonParser.Parse(Bytes(one, "json"), "vector"))));
        Assert.All(Each(file, "refusedJson"), static one => Assert.Equal(TufFailure.Malformed, Assert.Throws<TufException>(() => TufJsonParser.Parse(Bytes(one, "json"), Why(one))).Failure));
        Assert.All(Each(file, "signatures"), static one => Assert.Equal(Bytes(one, "fixed"), FixedOf(Bytes(one, "der"))));
        Assert.All(Each(file, "refusedSignatures"), static one => Assert.True(FixedOf(Bytes(one, "der")) is null, Why(one)));
        Assert.All(Each(file, "metadata"), static one => Assert.Equal(one.GetProperty("digest").GetString(), TufDocument.Parse(Bytes(one, "file"), one.GetProperty("role").GetString()!).Digest));
    }

    private static byte[]? FixedOf(byte[] der)
    {
        var signature = new byte[2 * Half];
        return EcdsaDer.TryToFixed(der, signature) ? signature : null;
    }

    private static IEnumerable<byte[]> Texts()
    {
        string[] texts =
        [
            """{ "b" : [ 1, -2 , 0 ,true,false,null ] ,"a":"\u0041\/\ud83d\ude00" }""", """{"a":{},"b":[],"":""}""", "9007199254740991", "-9007199254740991", "\"\\\"\\\\\\n\\u0001\\t/\"",
            // Ascending by UTF-8, and not by the halves of characters.
            """{"\ud83d\ude00":1,"｡":2,"b":3,"B":4,"ä":5,"b\u0000":6}""",
            new string('[', TufLimits.MaxDepth) + new string(']', TufLimits.MaxDepth), $"\"{new string('a', TufLimits.MaxTextBytes)}\"",
        ];
        return texts.Select(Encoding.UTF8.GetBytes);
    }

    private static IEnumerable<(string Why, byte[] Json)> RefusedTexts()
    {
        (string, string)[] texts =
        [
            ("nothing", ""), ("half an object", "{\"a\":1"), ("something behind it", "{} {}"), ("a name that stands twice", "{\"a\":1,\"a\":1}"), ("the same name by an escape", "{\"a\":1,\"\\u0061\":2}"),
            ("a fraction", "1.0"), ("an exponent", "1e3"), ("minus zero", "-0"), ("a leading zero", "01"), ("a number beyond 53 bits", "9007199254740992"), ("a plus", "+1"), ("a minus alone", "-"),
            ("a trailing comma", "[1,]"), ("a comma alone", "{,}"), ("a comment", "[1/*x*/]"), ("a line end in a text", "\"a\nb\""), ("an escape that is none", "\"\\x41\""), ("half an escape", "\"\\u00\""),
            ("a lone surrogate", "\"\\ud800\""), ("surrogates in the wrong order", "\"\\ude00\\ud83d\""), ("single quotes", "'a'"), ("a text without an end", "\"a"), ("half a word", "nul"),
            ("a byte order mark", "\ufeff{}"), ("no number", "NaN"), ("17 nested arrays", new string('[', TufLimits.MaxDepth + 1) + new string(']', TufLimits.MaxDepth + 1)),
            ("a text that is too long", $"\"{new string('a', TufLimits.MaxTextBytes + 1)}\""), ("a name that is no text", "{1:2}"), ("no colon", "{\"a\" 1}"), ("two commas", "[1,,2]"),
        ];
        return texts.Select(static one => (one.Item1, Encoding.UTF8.GetBytes(one.Item2))).Append(("no UTF-8", [(byte)'"', 0xc3, 0x28, (byte)'"']));
    }

    private static IEnumerable<byte[]> Signatures()
    {
        byte[][] numbers = [[1], [0x7f], [0x80], [0xff, 0], [.. Enumerable.Repeat((byte)0x7f, Half)], [.. Enumerable.Repeat((byte)0xff, Half)], [0]];
        return numbers.Zip(numbers.Reverse(), static (r, s) => (byte[])[.. new byte[Half - r.Length], .. r, .. new byte[Half - s.Length], .. s]);
    }

    private static IEnumerable<(string Why, byte[] Der)> RefusedSignatures()
    {
        (string, string)[] all =
        [
            ("nothing", ""), ("no sequence", "3106020101020101"), ("a byte behind it", "300602010102010100"), ("a third number", "3009020101020101020101"), ("one number", "3003020101"),
            ("a negative number", "3006020180020101"), ("a zero too many", "300702020001020101"), ("an empty number", "30050200020101"), ("33 bytes that begin with no zero", $"3026022101{new string('0', 64)}020101"),
            ("a length in its long form", "308106020101020101"), ("cut off", "30060201010201"), ("another type of number", "3006030101020101"),
        ];
        return all.Select(static one => (one.Item1, Convert.FromHexString(one.Item2)));
    }

    private static IEnumerable<TufDocument> Documents()
    {
        var (device, server) = (Maker.Identity("device"), Maker.Identity("server"));
        yield return new RootPlan(1, End, new KeyRole(1, device), new KeyRole(1, device), server).Create();
        yield return new RootPlan(7, End, new KeyRole(1, device), new KeyRole(2, [device, server]), server).Create();
        yield return MetadataWriter.Targets(1, End, []);
        yield return MetadataWriter.Targets(12, End, [
            new TargetEntry("camera/2.0.0/ä.tar", 300_000, new string('a', 64), """{"messaging":{"kind":"tree","name":"camera","version":"2.0.0","counter":1,"params":{"text":"a \"quoted\" \\ one"}}}"""u8.ToArray()),
            new TargetEntry("b", 0, new string('b', 64), default),
        ]);
    }
}
