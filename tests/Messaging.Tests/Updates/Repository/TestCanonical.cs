using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Messaging.Tests.Updates.Repository;

/// <summary>Canonical JSON once more, the other way round: what signs in the tests is not what verifies.</summary>
internal static class TestCanonical
{
    public static byte[] Write(JsonNode? node) => Encoding.UTF8.GetBytes(Text(node));

    private static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject all => "{" + string.Join(',', all.OrderBy(static one => Convert.ToHexString(Encoding.UTF8.GetBytes(one.Key)), StringComparer.Ordinal)
            .Select(static one => $"{Quote(one.Key)}:{Text(one.Value)}")) + "}",
        JsonArray all => "[" + string.Join(',', all.Select(Text)) + "]",
        _ when node.GetValueKind() == JsonValueKind.String => Quote(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
