using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;
using Messaging.Epochs;

namespace Messaging.EndToEnd;

/// <summary>
/// The server is stolen, with its keys and its database, and the thief keeps it running. The owner gets the fleet back with nothing but the
/// owner's key, a backup, and some web space that devices know as a home.
/// </summary>
public sealed class RecoveryTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly string[] AsksOften = ["Trust:AskInterval=2s", "Trust:AskIntervalSilent=1s"];

    [Fact]
    public async Task StolenServer_WhenTheOwnerNamesAnother_LosesTheDevices()
    {
        await using var fleet = await SplitFleet.Start();
        await using var home = await FileHome.Start(fleet.Scratch["www"]);
        var owner = await OwnersMachine.Create(
            fleet.Scratch["owner"], fleet.TokenFile, (await fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>(), "root.pem", "owner.pem", "bob.pem", "root-2.pem");
        await owner.Run(fleet.Url, "trust", "take-over", "--root-key", owner["root.pem"], "--owner-key", owner["owner.pem"], "--home", "http://127.0.0.1:9");
        await owner.Run(fleet.Url, "roster", "renew", "--owner-key", owner["owner.pem"], "--home", home.Url);
        await fleet.StartAgent(AsksOften);
        await Eventually.Is("the device is the owner's", Deadline, async () => Enrolment(await fleet.AgentStatus(), "rootVersion") == 2);
        await Append(fleet, "before the theft");
        await Eventually.Is("the old server has it", Deadline, async () => (await fleet.Api.LogBodies(fleet.DeviceId, "before")).Count == 1);

        // A backup of the owner's; the thief has the same, and the server that runs.
        await StopControl(fleet);
        Copy(fleet.ControlData, fleet.Scratch["new"]);
        using var stolen = StolenKeys.Read(Path.Combine(fleet.ControlData, "keys"));
        await fleet.StartControl();
        await fleet.Online(Deadline);

        await using var server = await NewServer.Start(fleet.Scratch["new"], await File.ReadAllTextAsync(fleet.TokenFile, TestContext.Current.CancellationToken));
        await owner.Run(
            server.Url, "roster", "replace-server", "--owner-key", owner["owner.pem"],
            "--server-key", Path.Combine(server.Data, "server.pub"), "--time-key", Path.Combine(server.Data, "time.pub"));
        Assert.Equal(3UL, Enrolment(await fleet.AgentStatus(), "rosterVersion"));
        await owner.Look(server.Url, "trust", "save", fleet.Scratch["www/fleet/api/v1/trust"]);

        // The device finds it, and goes.
        var status = await Eventually.Get("the device is connected to the new server", Deadline, fleet.AgentStatus, status =>
            status["connection"]!["state"]!.GetValue<string>() == "connected"
            && status["connection"]!["endpoint"]!.GetValue<string>() == $"mqtt://127.0.0.1:{server.MqttPort}");
        Assert.Equal(4UL, Enrolment(status, "rosterVersion"));
        Assert.Contains(status["trust"]!["homes"]!.AsArray(), one => one!["home"]!.GetValue<string>() == home.Url);
        await Append(fleet, "after the theft");
        await Eventually.Is("the new server has it", Deadline, async () => (await server.Api.LogBodies(fleet.DeviceId, "after")).Count == 1);
        Assert.Single(await server.Api.LogBodies(fleet.DeviceId, "before"));
        Assert.Contains("said by the owner", await owner.Run(
            server.Url, "command", fleet.DeviceId, "run-script", "--args", """{"name":"say","arguments":["by the owner"]}""", "--key", owner["owner.pem"]), StringComparison.Ordinal);

        await AssertTheThiefHasNothing(fleet, server, stolen);
        await AssertPeopleComeAndGo(fleet, server, owner);
    }

    /// <summary>What goes on now is neither for its keys nor by its word.</summary>
    private static async Task AssertTheThiefHasNothing(SplitFleet fleet, NewServer server, StolenKeys stolen)
    {
        var waiting = await fleet.Api.Post($"/api/v1/devices/{fleet.DeviceId}/commands", new JsonObject { ["type"] = "ping" });
        Assert.Equal("done", (await server.Api.Run(fleet.DeviceId, new JsonObject { ["type"] = "ping" }, Deadline))["state"]!.GetValue<string>());
        var ping = await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/commands/{waiting["id"]!.GetValue<string>()}");
        Assert.Contains(ping["state"]!.GetValue<string>(), new[] { "waiting", "sent" });
        Assert.Empty(await fleet.Api.LogBodies(fleet.DeviceId, "after"));

        var device = StoredDevice.Read(server.Data, fleet.DeviceId);
        var opening = device.NewestOpening(server.Data);
        Assert.False(EpochReceiver.TryOpen(opening, device.Identity, device.Id, stolen.Hpke, out _, out var error));
        Assert.Equal(EpochError.NotARecipient, error);
        using var own = StolenKeys.Read(Path.Combine(server.Data, "keys"));
        Assert.True(EpochReceiver.TryOpen(opening, device.Identity, device.Id, own.Hpke, out var epoch, out _));
        epoch.Dispose();
    }

    private static async Task AssertPeopleComeAndGo(SplitFleet fleet, NewServer server, OwnersMachine owner)
    {
        var ownerKey = new[] { "--owner-key", owner["owner.pem"] };
        await owner.Run(server.Url, ["roster", "add", .. ownerKey, "--key", owner["bob.pem.pub"], "--role", "operator"]);
        Assert.Contains("said by bob", await owner.Run(
            server.Url, "command", fleet.DeviceId, "run-script", "--args", """{"name":"say","arguments":["by bob"]}""", "--key", owner["bob.pem"]), StringComparison.Ordinal);
        await owner.Run(server.Url, ["roster", "renew", .. ownerKey, "--expires", "90d"]);
        var show = JsonNode.Parse(await owner.Look(server.Url, "trust", "show", "--json"))!;
        var bob = show["roster"]!["principals"]!.AsArray()[^1]!["id"]!.GetValue<string>();
        await owner.Run(server.Url, ["roster", "remove", .. ownerKey, bob]);
        await owner.Run(server.Url, ["root", "rotate", "--root-key", owner["root.pem"], "--new-root-key", owner["root-2.pem"], .. ownerKey]);

        var status = await Eventually.Get("the device has all of it", Deadline, fleet.AgentStatus, static status => Enrolment(status, "rootVersion") == 3);
        Assert.Equal(8UL, Enrolment(status, "rosterVersion"));
    }

    private static ulong Enrolment(JsonNode status, string name) => status["enrolment"]![name]!.GetValue<ulong>();

    private static Task Append(SplitFleet fleet, string line) => File.AppendAllTextAsync(fleet.FollowedFile, line + "\n");

    private static async Task StopControl(SplitFleet fleet)
    {
        fleet.Control.Terminate();
        await fleet.Control.WaitForExit(Deadline);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    /// <summary>A whole server in one process, from a backup, with keys of its own.</summary>
    private sealed class NewServer : IAsyncDisposable
    {
        private readonly ChildProcess _process;

        private NewServer(ChildProcess process, string data, int port, int mqttPort, string token)
        {
            _process = process;
            Data = data;
            Url = $"http://127.0.0.1:{port}";
            MqttPort = mqttPort;
            Api = new FleetApi(Url, token.Trim());
        }

        public string Data { get; }

        public string Url { get; }

        public int MqttPort { get; }

        public FleetApi Api { get; }

        public static async Task<NewServer> Start(string data, string token)
        {
            var (code, output) = await ChildProcess.Run(Repository.FleetServer, ["keys", "renew", "--data", data], Deadline);
            Assert.True(code == 0, output);
            var (port, mqttPort) = (Ports.Free(), Ports.Free());
            var process = ChildProcess.Start(
                Repository.FleetServer, ["--data", data, "--listen", "127.0.0.1", "--tls", "off", "--port", $"{port}", "--mqtt-port", $"{mqttPort}"]);
            var server = new NewServer(process, data, port, mqttPort, token);
            await process.WaitForLine("fleetctl roster replace-server", Deadline);
            return server;
        }

        public async ValueTask DisposeAsync()
        {
            Api.Dispose();
            await _process.DisposeAsync();
        }
    }
}
