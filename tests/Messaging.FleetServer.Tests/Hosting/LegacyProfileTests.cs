using System.Collections;
using System.Text;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Hosting;

/// <summary>Agents of the legacy profile, also in pages of other origins, reach the server as they are; a switch ends it.</summary>
public sealed class LegacyProfileTests(WholeServer server) : IClassFixture<WholeServer>
{
    private const string Path = "/messaging-platform/api/v1/messaging-service";

    [Fact]
    public async Task Connect_FromAPageOfAnotherOrigin_IsAnswered()
    {
        using var client = new ApiClient(server.Address);
        client.Http.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");
        client.Http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        var answer = await client.Post(Path + "/connect", """{"channelName":"room","channelPassword":"aa","agentName":"web"}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal("success", (string?)answer.Json!["status"]);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("legacy", answer.Headers.GetValues("Messaging-Profile").Single());
        Assert.Contains("it is a legacy one", server.Logs.Text, StringComparison.Ordinal);
        Assert.Contains("The legacy profile is on, at " + Path, server.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preflight_FromAPageOfAnotherOrigin_IsAnswered()
    {
        using var client = new ApiClient(server.Address);
        client.Http.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");
        client.Http.DefaultRequestHeaders.Add("Access-Control-Request-Method", "DELETE");
        client.Http.DefaultRequestHeaders.Add("Access-Control-Request-Headers", "x-api-key");

        var answer = await client.Send(HttpMethod.Options, Path + "/channel/00");

        Assert.Equal(204, answer.Status);
        Assert.Contains("DELETE", answer.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200 * 1024, "There is no such session")]
    [InlineData(600 * 1024, "larger than")]
    public async Task Event_LargerThanOtherRequestsMayBe_IsLookedAt(int size, string says)
    {
        using var client = new ApiClient(server.Address);

        var answer = await client.Post(Path + "/event", new StringBuilder("{\"sessionId\":\"0\",\"type\":\"x\",\"content\":\"").Append('x', size).Append("\"}").ToString());

        Assert.Equal((200, "error"), (answer.Status, (string?)answer.Json!["status"]));
        Assert.Contains(says, (string?)answer.Json!["statusMessage"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("legacy", "off")]
    [InlineData("channels", "off")]
    [InlineData("roles", "control,dashboard")]
    public void SwitchedOff_IsNotThere_AndHasNoUdp(string option, string value)
    {
        Assert.False(Read((option, value), ("relay", "mqtts://relay.example")).Options.HasLegacy);

        var (_, errors) = Read((option, value), ("legacy-udp-port", "9999"));

        Assert.Contains(errors, static error => error.Contains("--legacy-udp-port needs", StringComparison.Ordinal));
    }

    [Fact]
    public void UnlessSomebodyAsks_IsThere_WithoutUdp()
    {
        var (options, errors) = Read();

        Assert.Empty(errors);
        Assert.True(options.HasLegacy);
        Assert.Null(options.LegacyUdpPort);
    }

    private static (FleetServerOptions Options, IReadOnlyList<string> Errors) Read(params (string Name, string Value)[] options) =>
        OptionsReader.Read(options.Append(("data", "/nonexistent/data")).ToDictionary(static one => one.Item1, static one => one.Item2, StringComparer.Ordinal), new Hashtable());
}
