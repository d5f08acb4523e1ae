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
            "Commands:Allow=ping,collect,run-script,run-inline,file-read,file-write", "Commands:Interpreters=/bin/sh", "Commands:ReadPaths=" + fleet.Scratch.Path, "Commands:WritePaths=" + fleet.Scratch.Path);
        await Eventually.Is("the agent is online", Deadline, fleet.IsOnline);
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
        await OwnerMayMore(fleet, fingerprint);

        // A thief has the server's whole folder, and the root key of before.
        await fleet.Control.KillNow();
        Directory.Delete(Path.Combine(fleet.ControlData, "keys"), recursive: true);
        CopyFolder(fleet.Scratch["stolen-keys"], Path.Combine(fleet.ControlData, "keys"));
        await fleet.StartControl();
        Assert.True(File.Exists(Path.Combine(fleet.ControlData, "keys", "root.p8")));
        await Eventually.Is("the device is online at the thief's", Deadline, fleet.IsOnline);

        await AssertServerMayPingOnly(fleet);
        Assert.Equal(2UL, (await fleet.AgentStatus())["enrolment"]!["rootVersion"]!.GetValue<ulong>());
    }

    /// <summary>What the fleet's policy lets owners alone have done: a script of theirs, a file there and back.</summary>
    private static async Task OwnerMayMore(SplitFleet fleet, string fingerprint)
    {
        string[] asOwner =
        [
            "--key", fleet.Scratch["owner.pem"], "--passphrase-file", fleet.Scratch["passphrase"], "--url", fleet.Url, "--token-file", fleet.TokenFile, "--fleet", fingerprint,
        ];
        await File.WriteAllTextAsync(fleet.Scratch["look.sh"], "echo \"inline $1\"; sleep 1; echo later\n", TestContext.Current.CancellationToken);
        var inline = await FleetCtl(
            fleet, ["command", fleet.DeviceId, "run-inline", "--args", """{"interpreter":"/bin/sh","arguments":["here"],"timeout":60}""", "--file", fleet.Scratch["look.sh"], .. asOwner]);
        Assert.Contains("inline here\n", inline, StringComparison.Ordinal);
        Assert.Contains("later\n", inline, StringComparison.Ordinal);

        var path = fleet.Scratch["app.conf"];
        await FleetCtl(fleet, ["command", fleet.DeviceId, "file-write", "--args", $$"""{"path":"{{path}}","expected":""}""", "--file", fleet.Scratch["look.sh"], .. asOwner]);
        Assert.Equal(await File.ReadAllTextAsync(fleet.Scratch["look.sh"], TestContext.Current.CancellationToken), await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        var read = await FleetCtl(fleet, ["command", fleet.DeviceId, "file-read", "--args", $$"""{"path":"{{path}}","offset":6,"length":6}""", .. asOwner]);
        Assert.Contains("inline", read, StringComparison.Ordinal);

        var refused = await fleet.Api.Run(
            fleet.DeviceId, new JsonObject { ["type"] = "run-inline", ["args"] = new JsonObject { ["interpreter"] = "/bin/sh", ["body"] = "id" } }, Deadline);
        Assert.Equal("rejected", State(refused));
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
}
