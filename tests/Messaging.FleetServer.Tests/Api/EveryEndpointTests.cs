using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Api;

/// <summary>
/// Walks the OpenAPI document of the whole server: whatever is sent to any endpoint, the answer is a refusal with a code or
/// what was asked for, and never a failure of the server.
/// </summary>
public sealed class EveryEndpointTests(WholeServer server) : IClassFixture<WholeServer>
{
    private const string Json = "application/json";
    private string? _token;

    /// <summary>Bodies that no endpoint takes, whatever it takes.</summary>
    private static readonly (string Name, byte[] Body, string Type)[] BadBodies =
    [
        ("nothing", [], Json),
        ("null", "null"u8.ToArray(), Json),
        ("an array", "[]"u8.ToArray(), Json),
        ("a number", "1e999"u8.ToArray(), Json),
        ("half an object", "{"u8.ToArray(), Json),
        ("two objects", "{}{}"u8.ToArray(), Json),
        ("a trailing comma", "{\"name\":\"a\",}"u8.ToArray(), Json),
        ("an unknown member", "{\"__proto__\":{}}"u8.ToArray(), Json),
        ("an unknown member in another case", "{\"NAME\":\"a\"}"u8.ToArray(), Json),
        ("a member that is not UTF-8", [.. "{\""u8, 0xC3, 0x28, .. "\":1}"u8], Json),
        ("a member that is no Unicode", "{\"\\ud800\":1}"u8.ToArray(), Json),
        ("a byte order mark of UTF-16", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], Json),
        ("NUL", [0], Json),
        ("nesting", Encoding.ASCII.GetBytes(new string('[', 20_000)), Json),
        ("nested objects", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"args\":", 5000))), Json),
        ("an unknown charset", "{}"u8.ToArray(), "application/json; charset=klingon"),
        ("UTF-16 that is announced and not sent", "{}"u8.ToArray(), "application/json; charset=utf-16"),
        ("no type", "{}"u8.ToArray(), ""),
        ("a form", "a=b"u8.ToArray(), "application/x-www-form-urlencoded"),
        ("CBOR", [0xBF, 0xFF], "application/cbor"),
    ];

    private static readonly string[] BadTexts =
    [
        "", " ", "-1", "0", "1e9", "NaN", "true", "null", "9223372036854775807", "-9223372036854775808", "99999999999999999999999",
        "%00", "%0d%0aX-Evil:%201", "%ff%fe", "%ed%a0%80", "' OR 1=1 --", "%25s%25n", "../../../etc/passwd", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z", "-62135596800001", "253402300799999", "device:", "%F0%9F%92%A9", new string('a', 5000),
    ];

    [Fact]
    public async Task Body_ThatNobodyTakes_IsRefusedByEveryEndpoint()
    {
        var device = await server.EnrolAsync();
        foreach (var operation in await Operations())
        {
            if (operation.BodyType is not { } expected)
            {
                continue;
            }

            foreach (var (name, body, type) in BadBodies)
            {
                var answer = await Send(operation.Method, operation.PathTo(device.Name), body, type);

                Refused(answer, $"{operation} with {name}", expected == Json ? [400, 413, 415, 428] : [400, 413, 415, 422, 429]);
            }

            var large = await Send(operation.Method, operation.PathTo(device.Name), Encoding.ASCII.GetBytes($"{{\"name\":\"{new string('a', 300_000)}\"}}"), expected);

            // What may name a hundred thousand devices takes so much, and it is nonsense to it.
            // The same goes for the repository of updates.
            var takesMany = new[] { "/commands/sets", "/commands/proposals", "/repository/artifacts", "/repository/draft" }.Any(part => operation.Path.Contains(part, StringComparison.Ordinal));
            Refused(large, $"{operation} with too much", takesMany ? [400, 413, 415, 422, 428] : [413, 429]);
        }
    }

    [Fact]
    public async Task Member_OfAWrongKind_IsRefusedByEveryEndpoint()
    {
        var device = await server.EnrolAsync();
        var tried = 0;
        foreach (var operation in await Operations())
        {
            foreach (var (member, kinds) in operation.Members)
            {
                foreach (var (kind, value) in Wrong(kinds))
                {
                    var body = Encoding.UTF8.GetBytes($"{{\"{member}\":{value}}}");
                    var answer = await Send(operation.Method, operation.PathTo(device.Name), body, Json);

                    Refused(answer, $"{operation} with {member}: {kind}", [400]);
                    tried++;
                }

                var twice = await Send(
                    operation.Method, operation.PathTo(device.Name), Encoding.UTF8.GetBytes($"{{\"{member}\":null,\"{member}\":null}}"), Json);
                Refused(twice, $"{operation} with {member} twice", [400]);
            }
        }

        Assert.True(tried > 50, $"Only {tried} members were tried: does the document still describe the bodies?");
    }

    [Fact]
    public async Task Parameter_WithAnyText_FailsNoEndpoint()
    {
        var device = await server.EnrolAsync();
        foreach (var operation in await Operations())
        {
            var path = operation.PathTo(device.Name);
            var body = operation.BodyType is null ? null : "{}"u8.ToArray();
            foreach (var text in BadTexts)
            {
                foreach (var parameter in operation.Query)
                {
                    var name = operation.Path.EndsWith("/metrics", StringComparison.Ordinal) && parameter != "name" ? "name=m&" : "";
                    await Answered(operation.Method, $"{path}?{name}{parameter}={text}", body, operation.BodyType, $"{operation}?{parameter}={text}");
                }

                if (operation.Path.Contains('{', StringComparison.Ordinal) && text.Trim().Length > 0)
                {
                    await Answered(operation.Method, operation.PathTo(text.Replace("/", "%2f", StringComparison.Ordinal)), body, operation.BodyType, $"{operation} of {text}");
                }
            }
        }
    }

    [Theory]
    [InlineData("""{"type":"restart-unit","args":{"unit":"\ud800"}}""")]
    [InlineData("""{"type":"ping","args":{"\udfff":1}}""")]
    [InlineData("""{"type":"collect","args":{"collectors":["cpu","\ud800"]}}""")]
    [InlineData("""{"type":"set-intervals","args":{"intervals":{"\ud800":1}}}""")]
    [InlineData("""{"type":"set-intervals","args":{"intervals":{"cpu":1e400}}}""")]
    [InlineData("""{"type":"ping","args":"text"}""")]
    [InlineData("""{"type":"ping","args":{},"expiresIn":9223372036854775807}""")]
    public async Task Command_WithHostileArguments_IsRefused(string body)
    {
        var device = await server.EnrolAsync();

        var answer = await Send(HttpMethod.Post, $"/api/v1/devices/{device.Name}/commands", Encoding.UTF8.GetBytes(body), Json);

        Refused(answer, body, [400, 422]);
        using var client = await server.With(OperatorRole.Viewer);
        Assert.Empty((await client.Get($"/api/v1/devices/{device.Name}/commands")).Items);
    }

    private static IEnumerable<(string Kind, string Value)> Wrong(IReadOnlySet<string> kinds)
    {
        (string Kind, string Value)[] all =
        [
            ("string", "\"\\ud800\""), ("string", "\"x\""), ("integer", "7"), ("integer", "1.5"), ("integer", "99999999999999999999"),
            ("boolean", "true"), ("array", "[{}]"), ("object", "{\"a\":1}"),
        ];
        foreach (var (kind, value) in all)
        {
            var impossible = value is "\"\\ud800\"" or "1.5" or "99999999999999999999" or "[{}]";
            if (!kinds.Contains(kind) || impossible)
            {
                yield return ($"{kind} {value}", value);
            }
        }
    }

    private static void Refused(ApiAnswer answer, string what, int[] statuses)
    {
        Assert.True(statuses.Contains(answer.Status), $"{what}: {answer.Status} {answer.Text}");
        Assert.True(answer.ContentHeaders.ContentType?.MediaType == "application/problem+json", $"{what}: {answer.ContentHeaders.ContentType}");
        Assert.False(string.IsNullOrEmpty(answer.Code), $"{what}: no code");
        Assert.False(string.IsNullOrEmpty(answer["detail"]?.GetValue<string>()), $"{what}: no detail");
    }

    /// <summary>A success, or a problem with a code.</summary>
    private async Task Answered(HttpMethod method, string path, byte[]? body, string? type, string what)
    {
        var answer = await Send(method, path, body, type ?? "");
        if (answer.Status >= 300 && answer.Text.Length > 0)
        {
            Refused(answer, what, [400, 401, 403, 404, 409, 411, 413, 415, 422, 426, 428, 429]);
        }

        Assert.True(answer.Status < 500, $"{what}: {answer.Status}");
    }

    private async Task<ApiAnswer> Send(HttpMethod method, string path, byte[]? body, string type)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token ??= await server.TokenOf(OperatorRole.Owner));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var media = response.Content.Headers.ContentType?.MediaType;

        // A live stream has no end, and an answer to HEAD no content.
        var text = media == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new ApiAnswer(
            (int)response.StatusCode, text.Length > 0 && media?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(text) : null, text, response.Headers, response.Content.Headers);
    }

    private async Task<IReadOnlyList<Operation>> Operations()
    {
        using var client = new ApiClient(server.Address);
        var document = (await client.Get("/openapi/v1.json")).Json!;
        return [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => Operation.Of(document, path.Key, method.Key, method.Value!)))];
    }

    /// <param name="BodyType">The media type of its body; null: it takes none.</param>
    /// <param name="Members">The members of its body, with the JSON kinds that each may have.</param>
    private sealed record Operation(
        HttpMethod Method,
        string Path,
        IReadOnlyList<string> Query,
        string? BodyType,
        IReadOnlyList<(string Name, IReadOnlySet<string> Kinds)> Members)
    {
        public static Operation Of(JsonNode document, string path, string method, JsonNode operation)
        {
            var content = operation["requestBody"]?["content"]?.AsObject().Single();
            var schema = Resolve(document, content?.Value?["schema"]);
            return new Operation(
                HttpMethod.Parse(method),
                path,
                [.. (operation["parameters"]?.AsArray() ?? []).Where(parameter => (string?)parameter!["in"] == "query").Select(parameter => (string)parameter!["name"]!)],
                content?.Key,
                [.. (schema?["properties"]?.AsObject() ?? []).Select(property => (property.Key, Kinds(Resolve(document, property.Value))))]);
        }

        public string PathTo(string id)
        {
            var path = Path.Replace("{id}", id, StringComparison.Ordinal).Replace("{commandId}", id, StringComparison.Ordinal).Replace("{fileId}", id, StringComparison.Ordinal)
                .Replace("{sessionId}", id, StringComparison.Ordinal);
            foreach (var name in new[] { "{role}", "{keyId}", "{sha256}", "{file}", "{path}" })
            {
                path = path.Replace(name, name == "{role}" && id.Length == 32 ? "targets" : id, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("{", path, StringComparison.Ordinal);
            return path;
        }

        public override string ToString() => $"{Method} {Path}";

        private static JsonNode? Resolve(JsonNode document, JsonNode? schema)
        {
            if ((string?)schema?["$ref"] is not { } reference)
            {
                return schema;
            }

            return reference[2..].Split('/').Aggregate(document, (node, name) => node[name]!);
        }

        /// <summary>No type at all stands for any.</summary>
        private static HashSet<string> Kinds(JsonNode? schema) => schema?["type"] switch
        {
            JsonArray types => [.. types.Select(type => (string)type!)],
            JsonValue type => [(string)type!],
            _ => ["string", "integer", "boolean", "array", "object"],
        };
    }
}
