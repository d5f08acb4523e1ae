using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>A device that is to be like something, and what may happen to it meanwhile.</summary>
public sealed class TwinTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task DesiredState_ThroughAKillAndAnOutage_EndsConvergedAndCountsEachDriftOnce()
    {
        await using var fleet = await SplitFleet.Start();
        var folder = Directory.CreateDirectory(fleet.Scratch["managed"]).FullName;
        var file = Path.Combine(folder, "app.conf");
        var socket = fleet.Scratch["local.sock"];
        string[] settings =
        [
            "Local:Enabled=yes", "Local:Socket=" + socket, "Commands:Allow=ping,desired-set,file-write", "Commands:WritePaths=" + folder, "Twin:Check=2s",
        ];
        await fleet.StartAgent(settings);
        await fleet.Online(Long);

        var set = await fleet.Api.Run(fleet.DeviceId, Desired(1, file), Long);
        Assert.Equal("done", Text(set, "state"));
        using (var program = await Program(socket))
        {
            Assert.Equal("desired pump.speed 3", await program.Said("watch", "desired "));
            Assert.Equal("ok 3", await program.Said("get pump.speed", "ok 3"));
            Assert.Equal("ok", await program.Said("report pump.speed 3", "ok"));
            await State(fleet, "converged");
        }

        Assert.Equal("speed = 3\n", await File.ReadAllTextAsync(file));
        var cpu = (await fleet.AgentStatus())["collectors"]!.AsArray().Single(static one => Text(one!, "name") == "cpu")!;
        Assert.Equal((2000, "desired"), (cpu["intervalMs"]!.GetValue<int>(), Text(cpu, "intervalFrom")));

        // By hand, while all is there.
        await File.WriteAllTextAsync(file, "speed = 4\n");
        await Healed(fleet, file, 1);
        Assert.Equal("speed = 3\n", await File.ReadAllTextAsync(file));

        await Eventually.Get("its events are there", Long, () => Events(fleet), static answer => Count(answer, "twin.healed") == 1);

        // While nobody is there: the agent finds it at its start, and the server hears of it when it is back.
        await fleet.Control.KillNow();
        await fleet.Agent.KillNow();
        File.Delete(file);
        await fleet.StartAgent(settings);
        await Eventually.Is("the file is back", Long, () => Task.FromResult(File.Exists(file)));
        await Eventually.Get("the agent has told it", Long, fleet.AgentStatus, static status => status["twin"]?["healed"]?.GetValue<long>() == 2);
        fleet.Agent.Terminate();
        await fleet.Agent.WaitForExit(Long);
        await fleet.StartAgent(settings);
        await fleet.StartControl();
        using (var program = await Program(socket))
        {
            Assert.Equal("ok", await program.Said("report pump.speed 3", "ok"));
            await Healed(fleet, file, 2);
            await State(fleet, "converged");
        }

        var events = await Eventually.Get(
            "the events are there", Long, () => Events(fleet), static answer => Count(answer, "twin.healed") >= 2);
        Assert.Equal((2, 2, 0), (Count(events, "twin.drifted"), Count(events, "twin.healed"), Count(events, "twin.failed")));
        Assert.Single((await fleet.Api.Get("/api/v1/devices?twin=converged"))["items"]!.AsArray());
        Assert.Empty((await fleet.Api.Get("/api/v1/devices?twin=drifted"))["items"]!.AsArray());

        var stale = await fleet.Api.Run(fleet.DeviceId, Desired(1, file), Long);
        Assert.Equal("rejected", Text(stale, "state"));
        Assert.Contains("is not above 1", Text(stale, "message"), StringComparison.Ordinal);
    }

    private static JsonObject Desired(int version, string file) => new()
    {
        ["type"] = "desired-set",
        ["args"] = new JsonObject
        {
            ["version"] = version,
            ["settings"] = new JsonObject { ["Intervals:cpu"] = "2s" },
            ["files"] = new JsonObject { [file] = new JsonObject { ["content"] = Convert.ToBase64String("speed = 3\n"u8), ["mode"] = 384 } },
            ["app"] = new JsonObject { ["pump.speed"] = 3 },
        },
    };

    private static Task<JsonNode> Events(SplitFleet fleet) => fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/events?limit=1000");

    private static Task<JsonNode> Twin(SplitFleet fleet) => fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/twin");

    private static Task State(SplitFleet fleet, string state) =>
        Eventually.Get($"the twin is {state}", Long, () => Twin(fleet), twin => Text(twin, "state") == state);

    private static Task Healed(SplitFleet fleet, string file, int times) => Eventually.Get(
        $"the server knows that it was healed {times} times",
        Long,
        () => Twin(fleet),
        twin => twin["reported"]?["properties"]!.AsArray().Single(one => Text(one!, "name") == file)!["healed"]!.GetValue<int>() == times);

    private static int Count(JsonNode events, string name) => events["items"]!.AsArray().Count(one => Text(one!, "name") == name);

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();

    private static async Task<LocalProgram> Program(string socket)
    {
        await Eventually.Is("the agent listens", Long, async () =>
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await probe.ConnectAsync(new UnixDomainSocketEndPoint(socket));
                return true;
            }
            catch (SocketException)
            {
                // Not yet: the deadline judges.
                return false;
            }
        });
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(socket));
        return new LocalProgram(new NetworkStream(client, ownsSocket: true));
    }

    /// <summary>One of the device's own programs.</summary>
    private sealed class LocalProgram(NetworkStream stream) : IDisposable
    {
        private readonly StreamReader _reader = new(stream, Encoding.UTF8, false, 1024, leaveOpen: true);

        /// <summary>Sends a line, and gives the first that begins so.</summary>
        public async Task<string> Said(string line, string beginning)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), TestContext.Current.CancellationToken);
            while (true)
            {
                var said = await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Long, TimeProvider.System)
                    ?? throw new InvalidOperationException("The agent has closed the connection.");
                if (said.StartsWith(beginning, StringComparison.Ordinal))
                {
                    return said;
                }
            }
        }

        public void Dispose()
        {
            _reader.Dispose();
            stream.Dispose();
        }
    }
}
