using System.Text.Json.Nodes;
using Messaging.Relay.Channels;
using Messaging.Relay.Legacy;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>Each call of the legacy profile, field by field.</summary>
public sealed class ApiTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("legacy-test-");

    [Fact]
    public async Task Connect_AnswersWhereToBegin()
    {
        await using var server = await StartAsync();
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        var answer = await server.PostAsync("/connect", SeedAgent.Request("ada", "room", "00ff"));

        var data = answer["data"]!;
        var metadata = data["metadata"]!.AsObject();
        Assert.Equal(["sessionId", "channelId", "date", "metadata"], data.AsObject().Select(static field => field.Key));
        Assert.Equal(
            ["topicName", "channelId", "channelName", "channelPassword", "globalOffset", "localOffset", "publicChannel", "allowedAgentsNames"],
            metadata.Select(static field => field.Key));
        Assert.InRange((long)data["date"]!, before, before + 120_000);
        Assert.Equal(LegacyChannelId.Of("demo-default-key", "room", "00ff").ToString(), (string?)data["channelId"]);
        Assert.Equal("room", (string?)metadata["channelName"]);
        Assert.Null(metadata["channelPassword"]);
        Assert.False((bool)metadata["publicChannel"]!);
        Assert.Equal((0, 0), ((long)metadata["globalOffset"]!, (long)metadata["localOffset"]!));
        Assert.Equal(32, ((string)data["channelId"]!).Length);
    }

    [Fact]
    public async Task Connect_OtherNamePasswordOrKey_IsAnotherChannel()
    {
        await using var server = await StartAsync();

        string?[] ids =
        [
            await ChannelOfAsync("room", "aa", apiKey: null), await ChannelOfAsync("room2", "aa", apiKey: null), await ChannelOfAsync("room", "bb", apiKey: null),
            await ChannelOfAsync("room", null, apiKey: null), await ChannelOfAsync("room", "aa", "mine"),
        ];
        Assert.Distinct(ids);
        Assert.Equal(ids[0], await ChannelOfAsync("room", "aa", "demo-default-key"));
        Assert.Equal(ids[3], await ChannelOfAsync("room", "", apiKey: null));

        async Task<string?> ChannelOfAsync(string name, string? password, string? apiKey) =>
            (string?)(await server.PostAsync("/create-channel", new JsonObject { ["channelName"] = name, ["channelPassword"] = password }, apiKey))["data"]!["channelId"];
    }

    [Fact]
    public async Task Connect_ToAChannelThatIsNot_OrIsSealed_IsAnError()
    {
        await using var server = await StartAsync();
        var native = ChannelId.Generate();
        await server.Registry.CreateAsync(new ChannelDescription(native, ChannelKind.Sealed, new byte[32], [], 0));

        foreach (var id in new[] { native.ToString(), ChannelId.Generate().ToString(), "room", new string('0', 100) })
        {
            AssertError("no channel", await server.PostAsync("/connect", new JsonObject { ["channelId"] = id, ["agentName"] = "ada" }));
        }

        AssertError("no channel", await server.SendAsync(HttpMethod.Delete, "/channel/" + native));
    }

    [Fact]
    public async Task LegacyChannel_OnTheNativeInterface_IsNotFound()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var request = new HttpRequestMessage(HttpMethod.Get, ChannelSocket.Path + "/" + ada.ChannelId);

        using var response = await server.SendAsync(request);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Connect_ByIdWithAnotherPassword_IsAnError()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");

        AssertError("channelPassword", await server.PostAsync(
            "/connect", new JsonObject { ["channelId"] = ada.ChannelId, ["channelPassword"] = "00", ["agentName"] = "bob" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("web-*")]
    [InlineData("a\nb")]
    public async Task Connect_WithANameThatIsNone_IsAnError(string? name)
    {
        await using var server = await StartAsync();

        AssertError("agentName", await server.PostAsync("/connect", SeedAgent.Request(name!, "room", "aa")));
    }

    [Fact]
    public async Task Connect_WithANameInUse_IsAnError_ButForItsOwnSession()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var bob = await SeedAgent.ConnectAsync(server, "bob");

        JsonObject Again(string? session) => new() { ["channelId"] = ada.ChannelId, ["agentName"] = "ada", ["sessionId"] = session };
        AssertError("agentName", await server.PostAsync("/connect", Again(null)));
        AssertError("agentName", await server.PostAsync("/connect", Again(bob.SessionId)));
        var answer = await server.PostAsync("/connect", Again(ada.SessionId));

        Assert.Equal(ada.SessionId, (string?)answer["data"]!["sessionId"]);
        Assert.Equal(0, (long)answer["data"]!["metadata"]!["globalOffset"]!);
    }

    [Fact]
    public async Task Connect_ManyOfOneNameAtOnce_LetsOneIn()
    {
        await using var server = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => server.PostAsync("/connect", SeedAgent.Request("ada", "room", "aa"))));

        Assert.Single(answers, static answer => (string?)answer["status"] == "success");
        Assert.Equal(1, server.Sessions.Count);
    }

    [Fact]
    public async Task Event_IsRelayedAsItIs_WithSenderDateAndOffset()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        var sent = ada.Event("*", "my-own-type", "{\"a\":\"ü\"}", encrypted: true);
        sent["from"] = "mallory";
        sent["date"] = 1;
        sent["otherProperties"] = new JsonObject { ["localOffset"] = "99", ["x"] = new JsonArray(1, "é", null) };

        var answer = await server.PostAsync("/event", sent);
        var found = await ada.NextAsync("my-own-type");

        Assert.Equal(1, (long)answer["data"]!["globalOffset"]!);
        Assert.Equal(1, (long)answer["data"]!["localOffset"]!);
        Assert.Equal(["from", "to", "type", "encrypted", "content", "date", "otherProperties"], found.AsObject().Select(static field => field.Key));
        Assert.Equal(("ada", "*", true, "{\"a\":\"ü\"}"), ((string?)found["from"], (string?)found["to"], (bool)found["encrypted"]!, (string?)found["content"]));
        Assert.True((long)found["date"]! > 1_700_000_000_000);
        Assert.Equal("""{"localOffset":"1","x":[1,"é",null]}""", found["otherProperties"]!.ToJsonString(Plain));
    }

    [Fact]
    public async Task Receive_SkipsWhatIsForOthers_AndCountsIt()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var bob = await SeedAgent.ConnectAsync(server, "bob");
        for (var i = 0; i < 5; i++)
        {
            await ada.SendAsync("ada", "chat-text", "x");
        }

        var answer = await server.PostAsync("/receive", bob.Range(2, pollingDisabled: true));

        Assert.Empty(answer["data"]!["events"]!.AsArray());
        Assert.Equal((7, 7), ((long)answer["data"]!["nextGlobalOffset"]!, (long)answer["data"]!["nextLocalOffset"]!));
    }

    [Fact]
    public async Task Receive_GoesByTheLargerOffset_AndByTheLimit()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        for (var i = 0; i < 5; i++)
        {
            await ada.SendAsync("*", "chat-text", "x");
        }

        Assert.Equal(("1,2", 3), Offsets(await server.PostAsync("/receive", Range(0, 1, 2))));
        Assert.Equal(("3,4,5", 6), Offsets(await server.PostAsync("/receive", Range(3, null, 1000))));
        Assert.Equal(("4,5", 6), Offsets(await server.PostAsync("/receive", Range("4", null, -1))));
        Assert.Equal(("0,1,2,3,4,5", 6), Offsets(await server.PostAsync("/receive", Range(-5, null, null))));
        Assert.Equal(("", 6), Offsets(await server.PostAsync("/receive", Range(1_000_000, 0, 5))));

        JsonObject Range(JsonNode? global, JsonNode? local, JsonNode? limit) => new()
        {
            ["sessionId"] = ada.SessionId,
            ["receiveConfig"] = new JsonObject { ["globalOffset"] = global, ["localOffset"] = local, ["limit"] = limit, ["source"] = "KAFKA", ["pollingDisabled"] = true },
        };
    }

    [Fact]
    public async Task Receive_WithoutOffsets_GoesOnWhereTheLastOneEnded()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        var request = new JsonObject { ["sessionId"] = ada.SessionId };

        Assert.Equal(("0", 1), Offsets(await server.PostAsync("/receive", request)));
        await ada.SendAsync("*", "chat-text", "x");

        Assert.Equal(("1", 2), Offsets(await server.PostAsync("/receive", request)));
    }

    [Fact]
    public async Task Receive_MoreThanAnAnswerHolds_ComesInParts()
    {
        await using var server = await StartAsync(options => options with { MaxAnswerBytes = 1000 });
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        await ada.SendAsync("*", "chat-text", new string('x', 5000));
        await ada.SendAsync("*", "chat-text", new string('y', 500));
        await ada.SendAsync("*", "chat-text", new string('z', 500));

        Assert.Equal(("1", 2), Offsets(await server.PostAsync("/receive", ada.Range(1))));
        Assert.Equal(("2", 3), Offsets(await server.PostAsync("/receive", ada.Range(2))));
    }

    [Fact]
    public async Task Receive_LongWayThroughOthersEvents_AnswersHowFarItCame()
    {
        await using var server = await StartAsync(options => options with { MaxScanBytes = 1000 }, channels => channels with { MaxPageRecords = 2 });
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var bob = await SeedAgent.ConnectAsync(server, "bob");
        for (var i = 0; i < 10; i++)
        {
            await ada.SendAsync("ada", "chat-text", "x");
        }

        var (events, next) = Offsets(await server.PostAsync("/receive", bob.Range(2)));

        Assert.Empty(events);
        Assert.InRange(next, 4, 11);
        await ada.SendAsync("bob", "chat-text", "found");
        Assert.Equal("found", (string?)(await bob.NextAsync("chat-text"))["content"]);
    }

    [Fact]
    public async Task ListAgents_NamesThem_WithWhatTheySayOfThemselves()
    {
        await using var server = await StartAsync();
        using var bob = await SeedAgent.ConnectAsync(server, "bob");
        using var ada = await SeedAgent.ConnectByIdAsync(server, "ada", bob.ChannelId);

        var answer = await server.PostAsync("/list-agents", new JsonObject { ["sessionId"] = bob.SessionId });

        Assert.Equal(
            """[{"agentName":"ada","agentContext":null},{"agentName":"bob","agentContext":{"agentType":"CSHARP","descriptor":"test"}}]""",
            answer["data"]!.ToJsonString());
    }

    [Fact]
    public async Task Channels_AreListed_ToTheirOwnKeyOnly()
    {
        await using var server = await StartAsync();
        foreach (var (name, key) in new[] { ("one", "mine"), ("two", "mine"), ("three", "yours"), ("four", null) })
        {
            await server.PostAsync("/create-channel", new JsonObject { ["channelName"] = name, ["channelPassword"] = "aa" }, key);
        }

        var mine = await server.SendAsync(HttpMethod.Get, "/channels", "mine");

        Assert.Equal(["one", "two"], mine["data"]!.AsArray().Select(static channel => (string?)channel!["channelName"]).Order());
        Assert.Empty((await server.SendAsync(HttpMethod.Get, "/channels", "other"))["data"]!.AsArray());
        Assert.Equal("unauthorized", (string?)(await server.SendAsync(HttpMethod.Get, "/channels"))["status"]);
        Assert.Equal("unauthorized", (string?)(await server.SendAsync(HttpMethod.Get, "/channels", "demo-default-key"))["status"]);
    }

    [Fact]
    public async Task Reset_ByAnotherKey_IsUnauthorized_AndByItsOwn_BeginsAnew()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        await ada.SendAsync("*", "chat-text", "old");

        Assert.Equal("unauthorized", (string?)(await server.SendAsync(HttpMethod.Delete, "/channel/" + ada.ChannelId, "other"))["status"]);
        Assert.Equal("success", (string?)(await server.SendAsync(HttpMethod.Delete, "/channel/" + ada.ChannelId))["status"]);
        Assert.Equal(("", 0), Offsets(await server.PostAsync("/receive", ada.Range(0, pollingDisabled: true))));
        await ada.SendAsync("*", "chat-text", "new");

        Assert.Equal(("0", 1), Offsets(await server.PostAsync("/receive", ada.Range(0))));
    }

    [Fact]
    public async Task Preflight_OfAnotherOrigin_IsAllowed()
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, LegacyNames.Path + "/connect");
        request.Headers.Add("Origin", "https://elsewhere.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type,x-api-key");

        using var response = await server.SendAsync(request);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("x-api-key", response.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.OrdinalIgnoreCase);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Channels_BeyondTheLimitOfAnAddress_AreRefused()
    {
        await using var server = await StartAsync(channels: channels => channels with { CreatesPerMinute = 2 });
        using var ada = await SeedAgent.ConnectAsync(server, "ada", "one");
        using var bob = await SeedAgent.ConnectAsync(server, "bob", "two");

        AssertError("Too many channels", await server.PostAsync("/connect", SeedAgent.Request("eve", "three", "aa")));
        using var eve = await SeedAgent.ConnectAsync(server, "eve", "two");
    }

    [Fact]
    public async Task Event_BeyondAllChannelsQuota_IsAnError()
    {
        await using var server = await StartAsync(channels: channels => channels with { MaxBytes = 2000 });
        using var ada = await SeedAgent.ConnectAsync(server, "ada");

        AssertError("as much as it may", await server.PostAsync("/event", ada.Event("*", "chat-text", new string('x', 2000))));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Task<LegacyServer> StartAsync(Func<LegacyOptions, LegacyOptions>? change = null, Func<ChannelOptions, ChannelOptions>? channels = null) =>
        LegacyServer.StartAsync(_folder.FullName, change, channels);

    private static (string Offsets, long Next) Offsets(JsonNode answer) => (
        string.Join(',', answer["data"]!["events"]!.AsArray().Select(static found => (string?)found!["otherProperties"]!["localOffset"])),
        (long)answer["data"]!["nextGlobalOffset"]!);

    private static void AssertError(string part, JsonNode answer)
    {
        Assert.Equal("error", (string?)answer["status"]);
        Assert.Contains(part, (string?)answer["statusMessage"], StringComparison.Ordinal);
        Assert.Null(answer["data"]);
    }
}
