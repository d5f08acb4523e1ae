using System.Net.Sockets;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>An owner, whose key is in a security token, takes the fleet from its server with fleetctl; then the server, and a thief with all that it ever had, may do what servers may.</summary>
public sealed class TakeOverTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task TakeOver_LeavesTheServerAndItsThiefWhatServersMay()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent(
            "Commands:Allow=ping,collect,run-script,run-inline,file-read,file-write,shell", "Commands:Interpreters=/bin/sh", "Commands:ReadPaths=" + fleet.Scratch.Path, "Commands:WritePaths=" + fleet.Scratch.Path);
        await fleet.Online(Deadline);
        Assert.Equal("done", State(await fleet.Api.Run(fleet.DeviceId, SplitFleet.RunScript("say", "before"), Deadline)));
        CopyFolder(Path.Combine(fleet.ControlData, "keys"), fleet.Scratch["stolen-keys"]);
        const string Phrase = "a passphrase of a test";
        await File.WriteAllTextAsync(fleet.Scratch["passphrase"], Phrase + "\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(fleet.Scratch["passphrase"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var fingerprint = (await fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>();

        var token = await SoftToken.Create(fleet.Scratch.Path, Phrase);
        var ownerKey = SoftToken.Key("owner");
        await FleetCtl(fleet, token, "key", "create", fleet.Scratch["root.pem"], "--passphrase-file", fleet.Scratch["passphrase"]);
        await FleetCtl(fleet, token, "key", "create", ownerKey, "--passphrase-file", fleet.Scratch["passphrase"]);
        await FleetCtl(
            fleet, token, "trust", "take-over", "--root-key", fleet.Scratch["root.pem"], "--owner-key", ownerKey,
            "--passphrase-file", fleet.Scratch["passphrase"], "--url", fleet.Url, "--token-file", fleet.TokenFile, "--fleet", fingerprint);

        Assert.False(File.Exists(Path.Combine(fleet.ControlData, "keys", "root.p8")));
        await Eventually.Is("the device has heard of it", Deadline, async () => (await fleet.AgentStatus())["enrolment"]!["rootVersion"]!.GetValue<ulong>() == 2);
        await AssertServerMayPingOnly(fleet);
        var ran = await FleetCtl(
            fleet, token, "command", fleet.DeviceId, "run-script", "--args", """{"name":"say","arguments":["by the owner"]}""", "--key", ownerKey,
            "--passphrase-file", fleet.Scratch["passphrase"], "--url", fleet.Url, "--token-file", fleet.TokenFile, "--fleet", fingerprint);
        Assert.Contains("said by the owner", ran, StringComparison.Ordinal);
        await OwnerMayMore(fleet, token, fingerprint);

        await AssertShellOutlivesConnections(fleet, token, fingerprint);

        // A thief has the server's whole folder, and the root key of before.
        await fleet.Control.KillNow();
        Directory.Delete(Path.Combine(fleet.ControlData, "keys"), recursive: true);
        CopyFolder(fleet.Scratch["stolen-keys"], Path.Combine(fleet.ControlData, "keys"));
        await fleet.StartControl();
        Assert.True(File.Exists(Path.Combine(fleet.ControlData, "keys", "root.p8")));
        await fleet.Online(Deadline);

        await AssertServerMayPingOnly(fleet);
        Assert.Equal(2UL, (await fleet.AgentStatus())["enrolment"]!["rootVersion"]!.GetValue<ulong>());
    }

    /// <summary>What the fleet's policy lets owners alone have done: a script of theirs, a file there and back.</summary>
    private static async Task OwnerMayMore(SplitFleet fleet, SoftToken token, string fingerprint)
    {
        string[] asOwner =
        [
            "--key", SoftToken.Key("owner"), "--passphrase-file", fleet.Scratch["passphrase"], "--url", fleet.Url, "--token-file", fleet.TokenFile, "--fleet", fingerprint,
        ];
        await File.WriteAllTextAsync(fleet.Scratch["look.sh"], "echo \"inline $1\"; sleep 1; echo later\n", TestContext.Current.CancellationToken);
        var inline = await FleetCtl(
            fleet, token, ["command", fleet.DeviceId, "run-inline", "--args", """{"interpreter":"/bin/sh","arguments":["here"],"timeout":60}""", "--file", fleet.Scratch["look.sh"], .. asOwner]);
        Assert.Contains("inline here\n", inline, StringComparison.Ordinal);
        Assert.Contains("later\n", inline, StringComparison.Ordinal);

        var path = fleet.Scratch["app.conf"];
        await FleetCtl(fleet, token, ["command", fleet.DeviceId, "file-write", "--args", $$"""{"path":"{{path}}","expected":""}""", "--file", fleet.Scratch["look.sh"], .. asOwner]);
        Assert.Equal(await File.ReadAllTextAsync(fleet.Scratch["look.sh"], TestContext.Current.CancellationToken), await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        var read = await FleetCtl(fleet, token, ["command", fleet.DeviceId, "file-read", "--args", $$"""{"path":"{{path}}","offset":6,"length":6}""", .. asOwner]);
        Assert.Contains("inline", read, StringComparison.Ordinal);

        var refused = await fleet.Api.Run(
            fleet.DeviceId, new JsonObject { ["type"] = "run-inline", ["args"] = new JsonObject { ["interpreter"] = "/bin/sh", ["body"] = "id" } }, Deadline);
        Assert.Equal("rejected", State(refused));
    }

    /// <summary>fleetctl shell: typed into, over a connection that is cut and a relay that is killed in between, to its exit code.</summary>
    private static async Task AssertShellOutlivesConnections(SplitFleet fleet, SoftToken token, string fingerprint)
    {
        await using var line = new Line(new Uri(fleet.Url).Port);
        await using var shell = ChildProcess.Start(Repository.FleetCtl,
        [
            "shell", fleet.DeviceId, "--key", SoftToken.Key("owner"), "--passphrase-file", fleet.Scratch["passphrase"],
            "--url", $"http://127.0.0.1:{line.Port}", "--token-file", fleet.TokenFile, "--fleet", fingerprint, "--config", fleet.Scratch["shell.json"],
        ], token.Environment);
        await shell.Type("KEPT=kept; echo first=$((40+2)); stty size");
        await shell.WaitForLine("first=42", Deadline);
        await shell.WaitForLine("24 80", Deadline);

        line.CutAll();
        await shell.Type("echo second=$((40+3))=$KEPT");
        await shell.WaitForLine("second=43=kept", Deadline);

        await fleet.Relay.KillNow();
        await fleet.StartRelay();
        await shell.Type("echo third=$((40+4))=$KEPT");
        await shell.WaitForLine("third=44=kept", Deadline);

        // A program that writes without end fills nothing: it waits, and is ended.
        await shell.Type("yes | head -c 3000000 | wc -c");
        await shell.WaitForLine("3000000", Deadline);
        await shell.Type("exit 7");
        await shell.WaitForExit(Deadline);
        Assert.Equal(7, shell.ExitCode);

        var command = (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/commands"))["items"]!.AsArray().First(one => one!["type"]!.GetValue<string>() == "shell")!;
        var ended = await fleet.Api.WaitForCommand(fleet.DeviceId, command["id"]!.GetValue<string>(), Deadline);
        Assert.Equal(("done", 7), (State(ended), ended["exitCode"]!.GetValue<int>()));
        var audit = (await fleet.Api.Get("/api/v1/audit"))["items"]!.AsArray().Select(static one => one!["action"]!.GetValue<string>()).ToList();
        Assert.Contains("session.connect", audit);
        Assert.Contains("session.disconnect", audit);
    }

    private static async Task AssertServerMayPingOnly(SplitFleet fleet)
    {
        Assert.Equal("done", State(await fleet.Api.Run(fleet.DeviceId, new JsonObject { ["type"] = "ping" }, Deadline)));
        var refused = await fleet.Api.Run(fleet.DeviceId, SplitFleet.RunScript("say", "by the server"), Deadline);
        Assert.Equal("rejected", State(refused));
        Assert.Contains("policy", refused["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static string State(JsonNode command) => command["state"]!.GetValue<string>();

    private static async Task<string> FleetCtl(SplitFleet fleet, SoftToken token, params string[] arguments)
    {
        var (code, output) = await ChildProcess.Run(Repository.FleetCtl, arguments, Deadline, token.Environment);
        Assert.True(code == 0, $"fleetctl {string.Join(' ', arguments)} ended with {code}:\n{output}\n{fleet.Control.Output}");
        return output;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    /// <summary>The network between fleetctl and the server, which can be cut.</summary>
    private sealed class Line : TcpForwarder
    {
        private readonly int _port;

        public Line(int port)
            : base(port: 0)
        {
            _port = port;
            Begin();
        }

        protected override async Task ServeAsync(NetworkStream client, CancellationToken stop)
        {
            await using var server = await ConnectAsync(_port, stop);
            await BothAsync(ended => client.CopyToAsync(server, ended), ended => server.CopyToAsync(client, ended), stop);
        }
    }
}
