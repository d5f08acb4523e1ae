using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Messaging.Tests.Updates.Repository;
using Messaging.Updates.Metadata;

namespace Messaging.Tests.Updates.Metadata;

public sealed class CanonicalJsonTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char['a', 'f'].Array[0, 4].Select(static chars => new string(chars)),
        Gen.OneOf("", "\"", "\\", "\n\t\0", "ü", "\ue000", "😀", "/"));

    private static readonly Gen<JsonNode?> Tree = Gen.Recursive<JsonNode?>(static (depth, inner) => depth >= 4
        ? Leaf
        : Gen.Frequency(
            (3, Leaf),
            (1, inner.Array[0, 4].Select(static items => (JsonNode?)new JsonArray([.. items.Select(static item => item?.DeepClone())]))),
            (1, Gen.Dictionary(Text, inner)[0, 4].Select(static members =>
                (JsonNode?)new JsonObject(members.Select(static member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())))))));

    private static Gen<JsonNode?> Leaf => Gen.Frequency(
        (2, Text.Select(static text => (JsonNode?)JsonValue.Create(text))),
        (2, Gen.Long[-9_007_199_254_740_991, 9_007_199_254_740_991].Select(static number => (JsonNode?)JsonValue.Create(number))),
        (1, Gen.Bool.Select(static flag => (JsonNode?)JsonValue.Create(flag))),
        (1, Gen.Const((JsonNode?)null)));

    // The right-hand sides are what securesystemslib's encode_canonical gives.
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData(" { \"b\" : 1 , \"a\" : [ true , false , null ] } ", "{\"a\":[true,false,null],\"b\":1}")]
    [InlineData("""{"a":"\u0041\/\u00fc\"\\"}""", "{\"a\":\"A/ü\\\"\\\\\"}")]
    [InlineData("""{"a":"line\nnext\u0000\t"}""", "{\"a\":\"line\nnext\0\t\"}")]
    [InlineData("""{"a":"\ud83d\ude00"}""", "{\"a\":\"😀\"}")]
    [InlineData("""{"\ud83d\ude00":1,"\uffee":2,"z":3,"\ue000":4,"Z":5}""", "{\"Z\":5,\"z\":3,\"\ue000\":4,\"\uffee\":2,\"\ud83d\ude00\":1}")]
    [InlineData("[0,-1,9007199254740991,-9007199254740991]", "[0,-1,9007199254740991,-9007199254740991]")]
    public void Write_ParsedText_GivesTheOneForm(string text, string expected)
    {
        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalJson.Write(TufJsonParser.Parse(Encoding.UTF8.GetBytes(text), "test"))));
    }

    [Fact]
    public void Write_AnyTreeWithAnyWhiteSpace_GivesWhatAnotherWriterGives() => Tree.Sample(static tree =>
    {
        foreach (var indented in new[] { false, true })
        {
            var text = tree?.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = indented }) ?? "null";
            var written = CanonicalJson.Write(TufJsonParser.Parse(Encoding.UTF8.GetBytes(text), "test"));
            Assert.Equal(Encoding.UTF8.GetString(TestCanonical.Write(tree)), Encoding.UTF8.GetString(written));
        }
    });
}
