using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Messaging.FleetServer.Tests.Harness;

internal sealed record ApiAnswer(int Status, JsonNode? Json, string Text, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonNode? this[string name] => Json?[name];

    /// <summary>The code of a problem.</summary>
    public string? Code => Json?["code"]?.GetValue<string>();

    public IReadOnlyList<JsonNode> Items => [.. Json!["items"]!.AsArray().Select(item => item!)];
}
