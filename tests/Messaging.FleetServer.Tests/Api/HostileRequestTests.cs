using System.Net.Sockets;
using System.Text;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Api;

/// <summary>What comes in broken goes out as problem details with a code, and never as a 500.</summary>
public sealed class HostileRequestTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Operators = "/api/v1/operators";

    [Theory]
    [InlineData("", "bad_request")]
    [InlineData("null", "bad_request")]
    [InlineData("[]", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("{\"username\":\"a\"}}", "invalid_json")]
    [InlineData("{\"username\":\"a\",}", "invalid_json")]
    [InlineData("{/* c */}", "invalid_json")]
    [InlineData("{\"username\":1}", "invalid_json")]
    [InlineData("{\"username\":{}}", "invalid_json")]
    [InlineData("{\"Username\":\"a\"}", "invalid_json")]
    [InlineData("{\"username\":\"a\",\"username\":\"b\"}", "invalid_json")]
    [InlineData("{\"username\":\"a\",\"isOwner\":true}", "invalid_json")]
    [InlineData("{\"username\":\"\\ud800\"}", "invalid_json")]
    [InlineData("{\"username\":\"\u0001\"}", "invalid_json")]
    public async Task Body_ThatIsNotTheExpectedJson_IsRefusedWithACode(string body, string code)
    {
        using var client = await host.With(OperatorRole.Owner);

        var answer = await client.Post(Operators, body);

        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.Equal("application/problem+json", answer.ContentHeaders.ContentType?.MediaType);
    }

    [Fact]
    public async Task Body_WithAnUnknownField_NamesIt()
    {
        using var client = await host.With(OperatorRole.Owner);

        var answer = await client.Post(Operators, """{"username":"a","isOwner":true}""");

        Assert.Contains("isOwner", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_NestedDeeply_IsRefused()
    {
        using var client = await host.With(OperatorRole.Owner);
        var deep = string.Concat(Enumerable.Repeat("{\"args\":", 5000)) + "1" + new string('}', 5000);

        var answer = await client.Post($"/api/v1/devices/{new string('a', 32)}/commands", deep);

        Assert.Equal((400, "invalid_json"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Body_LargerThanTheLimit_IsRefused()
    {
        using var client = await host.With(OperatorRole.Owner);

        var answer = await client.Post(Operators, $$"""{"username":"{{new string('a', 70_000)}}"}""");

        Assert.Equal((413, "too_large"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task Body_OfAnotherType_IsRefused(string type)
    {
        using var client = await host.With(OperatorRole.Owner);

        var answer = await client.Send(HttpMethod.Post, Operators, "{}", type);

        Assert.Equal((415, "unsupported_media_type"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("/api/v1/devices?limit=0", "limit")]
    [InlineData("/api/v1/devices?limit=-1", "limit")]
    [InlineData("/api/v1/devices?limit=1e3", "limit")]
    [InlineData("/api/v1/devices?limit=501", "limit")]
    [InlineData("/api/v1/devices?limit=99999999999999999999", "limit")]
    [InlineData("/api/v1/devices?online=yes", "online")]
    [InlineData("/api/v1/devices?status=lost", "status")]
    [InlineData("/api/v1/devices?cursor=%FF%FE", "cursor")]
    [InlineData("/api/v1/devices?cursor=..%2F..", "cursor")]
    [InlineData("/api/v1/audit?before=now", "before")]
    [InlineData("/api/v1/events?topics=devices,secrets", "topics")]
    [InlineData("/api/v1/devices/{id}/metrics", "name")]
    [InlineData("/api/v1/devices/{id}/metrics?name=a&from=yesterday", "from")]
    [InlineData("/api/v1/devices/{id}/metrics?name=a&from=99999999999999999", "from")]
    [InlineData("/api/v1/devices/{id}/metrics?name=a&from=2026-02-30T00:00:00Z", "from")]
    [InlineData("/api/v1/devices/{id}/metrics?name=a&from=2000&to=1000", "from")]
    [InlineData("/api/v1/devices/{id}/metrics/series?name=a&maxPoints=0", "maxPoints")]
    [InlineData("/api/v1/devices/{id}/metrics/series?name=a&aggregate=sum", "aggregate")]
    [InlineData("/api/v1/devices/{id}/logs?minSeverity=25", "minSeverity")]
    [InlineData("/api/v1/devices/{id}/logs?before=-1", "before")]
    public async Task Query_WithAWrongParameter_NamesIt(string path, string field)
    {
        host.Devices.Add(FakeDevices.Device(new string('e', 32)));
        using var client = await host.With(OperatorRole.Owner);

        var answer = await client.Get(path.Replace("{id}", new string('e', 32), StringComparison.Ordinal));

        Assert.Equal((400, "invalid"), (answer.Status, answer.Code));
        Assert.Equal([field], answer["errors"]!.AsObject().Select(error => error.Key));
    }

    [Theory]
    [InlineData("/api/v1/devices/' OR 1=1 --")]
    [InlineData("/api/v1/devices/..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/v1/devices/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/api/v1/devices/nothex/metrics/names")]
    [InlineData("/api/v1/devices/nothex/logs")]
    [InlineData("/api/v1/devices/nothex/gaps")]
    [InlineData("/api/v1/devices/nothex/events")]
    [InlineData("/api/v1/devices/nothex/commands")]
    [InlineData("/api/v1/devices/nothex/commands/nothex")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v2/devices")]
    [InlineData("/api")]
    public async Task Path_ToNothing_IsNotFoundWithACode(string path)
    {
        using var client = await host.With(OperatorRole.Owner);

        var answer = await client.Get(path);

        Assert.Equal(404, answer.Status);
        Assert.EndsWith("not_found", answer.Code == "no_such_endpoint" ? "not_found" : answer.Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_ThatAPathDoesNotHave_IsRefusedWithACode()
    {
        using var client = await host.With(OperatorRole.Owner);

        var answer = await client.Send(HttpMethod.Put, "/api/v1/devices", "{}");

        Assert.Equal((405, "method_not_allowed"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("GET /api/v1/devices HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")]
    [InlineData("GET /api/v1/devices\0 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /api/v1/devices/%00 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")]
    [InlineData("\x16\x03\x01 not http at all\r\n\r\n")]
    public async Task Bytes_ThatAreNotHttp_AreRefusedAndTheServerGoesOn(string bytes)
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
            await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes), TestContext.Current.CancellationToken);
            var buffer = new byte[1024];
            var read = await socket.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.StartsWith("HTTP/1.1 400", Encoding.Latin1.GetString(buffer, 0, read), StringComparison.Ordinal);
        }

        using var client = host.Anonymous();
        Assert.Equal(200, (await client.Get("/api/v1/setup")).Status);
    }

    [Theory]
    [InlineData("/api/v1/setup")]
    [InlineData("/api/v1/devices")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/openapi/v1.json")]
    public async Task EveryAnswer_GoodOrBad_CarriesTheSecurityHeaders(string path)
    {
        using var client = host.Anonymous();

        var answer = await client.Get(path);

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task OpenApi_Document_DescribesEveryEndpointOfTheApi()
    {
        using var client = host.Anonymous();

        var paths = (await client.Get("/openapi/v1.json"))["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => (Method: method.Key.ToUpperInvariant(), Pattern: path.Key)))
            .ToHashSet();

        // A WebSocket over HTTP/2 begins with CONNECT, which OpenAPI has no word for.
        var listed = AccessTable.Rules.Where(rule => rule.Method != "CONNECT" && rule.Pattern.StartsWith("/api/", StringComparison.Ordinal)).Select(rule => (rule.Method, Pattern: rule.Pattern.Replace("{**", "{", StringComparison.Ordinal)));
        Assert.Equal(listed.Order(), paths.Order());
    }

    [Fact]
    public async Task Scalar_Page_LoadsNothingFromElsewhere()
    {
        using var client = host.Anonymous();

        var page = await client.Get("/scalar/v1");

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("http://", page.Text.Replace(host.Address.ToString(), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page.Text, StringComparison.Ordinal);
    }
}
