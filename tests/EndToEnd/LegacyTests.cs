using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.Agent.Tests.Hosting;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>What a relay has acknowledged to agents of the legacy profile is there, and their sessions go on, whatever happens to its process.</summary>
public sealed class LegacyTests
{
    private const int Kills = 5;
    private const int Agents = 3;

    [Fact]
    public async Task Kill_FiveTimesWhileAgentsTalk_LosesNoEventThatWasAcknowledged_AndNoSession()
    {
        using var scratch = new ScratchFolder();
        await using var relay = new RelayProcess(scratch["relay"], []);
        await relay.StartAsync();
        var acknowledged = new ConcurrentDictionary<long, string>();
        var number = 0;
        var sessions = new List<string>();
        for (var i = 0; i < Agents; i++)
        {
            sessions.Add(await ConnectAsync(relay, $"agent-{i}"));
        }

        for (var kill = 0; kill < Kills; kill++)
        {
            var before = acknowledged.Count;
            var talking = sessions.Select(session => TalkUntilItEndsAsync(relay, session, acknowledged, () => Interlocked.Increment(ref number))).ToList();
            var enough = RandomNumberGenerator.GetInt32(1, 100);
            await Eventually.Is("some are acknowledged", TimeSpan.FromSeconds(60), () => Task.FromResult(acknowledged.Count >= before + enough));

            // One comes among them, whose session is as durable as an event from the moment on that it is told.
            sessions.Add(await ConnectAsync(relay, $"late-{kill}"));
            await relay.KillAsync();
            await Task.WhenAll(talking);
            await relay.StartAsync();
        }

        var events = await ReadAsync(relay, sessions[0]);
        Assert.Equal(Enumerable.Range(0, events.Count).Select(static i => (long)i), events.Select(OffsetOf));
        Assert.All(acknowledged, pair => Assert.Equal(pair.Value, (string?)events[(int)pair.Key]["content"]));
        var talk = events.Where(static found => (string?)found["type"] == "chat-text").ToList();
        Assert.Distinct(talk.Select(static found => (string?)found["content"]));

        // At most one of each agent was written and not acknowledged when it was killed.
        Assert.InRange(talk.Count - acknowledged.Count, 0, Kills * (Agents + Kills));
        Assert.Equal(Agents + Kills, events.Count(static found => (string?)found["type"] == "connect"));
        foreach (var session in sessions)
        {
            Assert.Equal(sessions.Count, (await CallAsync(relay, "/list-agents", new JsonObject { ["sessionId"] = session })).AsArray().Count);
        }

        Assert.Contains($"{sessions.Count} sessions were taken over", relay.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switch_OffAfterOn_LeavesNothing_AndOnAgain_AllThatWas()
    {
        using var scratch = new ScratchFolder();
        string session;
        var port = Ports.Free();
        await using (var relay = new RelayProcess(scratch["relay"], [], "--legacy-udp-port", $"{port}"))
        {
            await relay.StartAsync();
            session = await ConnectAsync(relay, "ada");
            using var udp = new UdpClient("127.0.0.1", port);
            var range = new JsonObject { ["globalOffset"] = 0, ["localOffset"] = 0 };
            var pull = new JsonObject { ["action"] = "pull", ["payload"] = new JsonObject { ["sessionId"] = session, ["offsetRange"] = range } };
            await udp.SendAsync("no request"u8.ToArray(), TestContext.Current.CancellationToken);
            await udp.SendAsync(Encoding.UTF8.GetBytes(pull.ToJsonString()), TestContext.Current.CancellationToken);
            var answer = JsonNode.Parse((await udp.ReceiveAsync(TestContext.Current.CancellationToken)).Buffer)!;
            Assert.Equal("connect", (string?)answer["result"]!["data"]!["events"]![0]!["type"]);

            using var metrics = await relay.GetMetricsAsync();
            var text = await metrics.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Matches(@"(?m)^messaging_relay_legacy_sessions(\{[^}]*\})? 1$", text);
            Assert.Matches(@"(?m)^messaging_relay_legacy_events_total\{[^}]*event=""datagram_malformed""[^}]*\} 1$", text);
        }

        await using (var off = new RelayProcess(scratch["relay"], [], "--legacy", "off"))
        {
            await off.StartAsync();
            using var answer = await off.GetAsync("/messaging-platform/api/v1/messaging-service/channels");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("legacy profile", off.Output, StringComparison.Ordinal);
        }

        await using var again = new RelayProcess(scratch["relay"], []);
        await again.StartAsync();
        Assert.Single((await CallAsync(again, "/list-agents", new JsonObject { ["sessionId"] = session })).AsArray());
    }

    private static async Task<string> ConnectAsync(RelayProcess relay, string name)
    {
        var data = await CallAsync(relay, "/connect", new JsonObject { ["channelName"] = "room", ["channelPassword"] = "00ff", ["agentName"] = name });
        return (string)data["sessionId"]!;
    }

    private static async Task TalkUntilItEndsAsync(RelayProcess relay, string session, ConcurrentDictionary<long, string> acknowledged, Func<int> draw)
    {
        while (true)
        {
            var content = draw().ToString(CultureInfo.InvariantCulture);
            try
            {
                var data = await CallAsync(relay, "/event", new JsonObject { ["sessionId"] = session, ["type"] = "chat-text", ["to"] = "*", ["content"] = content });
                Assert.True(acknowledged.TryAdd((long)data["globalOffset"]!, content), "Two events were acknowledged with one offset.");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // It was killed.
                return;
            }
        }
    }

    private static async Task<List<JsonNode>> ReadAsync(RelayProcess relay, string session)
    {
        var events = new List<JsonNode>();
        while (true)
        {
            var range = new JsonObject { ["globalOffset"] = events.Count, ["localOffset"] = events.Count, ["limit"] = 1000, ["pollingDisabled"] = true };
            var data = await CallAsync(relay, "/receive", new JsonObject { ["sessionId"] = session, ["offsetRange"] = range });
            var page = data["events"]!.AsArray();
            if (page.Count == 0)
            {
                return events;
            }

            events.AddRange(page.Select(static found => found!));
        }
    }

    private static async Task<JsonNode> CallAsync(RelayProcess relay, string call, JsonObject body)
    {
        var answer = await relay.PostAsync("/messaging-platform/api/v1/messaging-service" + call, body);
        Assert.True((string?)answer["status"] == "success", answer.ToJsonString());
        return answer["data"]!;
    }

    private static long OffsetOf(JsonNode found) => long.Parse((string)found["otherProperties"]!["localOffset"]!, CultureInfo.InvariantCulture);
}
