using System.Text.Json.Nodes;
using Messaging.Agent.Tests.Support;

namespace Messaging.EndToEnd.Harness;

/// <summary>
/// A device of a fleet with its agent, and the helper that installs updates, which systemd-socket-activate starts as systemd does. Its kind "note" puts an artifact where <see cref="Installed"/> reads it. Its
/// local network is the loopback interface.
/// </summary>
internal sealed class UpdatingDevice : IAsyncDisposable
{
    private const string Hook = """
        #!/bin/sh
        set -eu
        case $1 in
          install) cp "$UPDATE_ARTIFACT" "$UPDATE_STATE/next" ;;
          switch) mv "$UPDATE_STATE/next" "$UPDATE_STATE/current" ;;
        esac

        """;

    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(60);
    private readonly SplitFleet _fleet;
    private readonly string _folder;

    private UpdatingDevice(SplitFleet fleet, string name)
    {
        _fleet = fleet;
        _folder = fleet.Scratch[name];
        Directory.CreateDirectory(this["hooks"]);
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(this["root"]);
        File.WriteAllText(this["agent.conf"], "");
        File.WriteAllText(this["helper.conf"], "[Helper]\nUpdateKinds = note\n");
        File.SetUnixFileMode(this["helper.conf"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(this["hooks/note"], Hook);
        File.SetUnixFileMode(this["hooks/note"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Id { get; private set; } = "";

    public ChildProcess Agent { get; private set; } = null!;

    public ChildProcess Helper { get; private set; } = null!;

    /// <summary>What neighbours can have from here.</summary>
    public string[] Shared => Directory.GetFiles(this["state/updates/shared"]);

    private string this[string name] => Path.Combine(_folder, name);

    /// <summary>Lets it into the fleet, and starts it.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="name">A name of its own.</param>
    /// <param name="lanPort">Where devices of its local network ask each other.</param>
    public static async Task<UpdatingDevice> Start(SplitFleet fleet, string name, int lanPort)
    {
        var device = new UpdatingDevice(fleet, name);
        try
        {
            var token = await fleet.Api.Post("/api/v1/enrolment-tokens", new JsonObject { ["maxUses"] = 1, ["expiresIn"] = 600 });
            var (code, output) = await device.Run("enroll", token["token"]!.GetValue<string>());
            Assert.True(code == 0, $"enroll ended with {code}:\n{output}");
            device.Id = (await device.Status())["deviceId"]!.GetValue<string>();
            device.StartHelper();
            await device.Helper.WaitForLine("Listening on", StartUp);
            device.StartAgent(lanPort);
            return device;
        }
        catch
        {
            await device.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is installed of a component.</summary>
    public byte[] Installed(string component) => File.ReadAllBytes(this[$"root/state/{component}/current"]);

    /// <summary><c>messaging-agent status --json</c>, of an agent that runs or not.</summary>
    public async Task<JsonNode> Status() => JsonNode.Parse((await Run("status", "--json")).Output)!;

    /// <summary>How the update to a version has ended, as the server knows it.</summary>
    public async Task<JsonNode> Ended(string version, TimeSpan deadline)
    {
        try
        {
            return await Eventually.Get($"the update to {version} ends", deadline, () => Newest(version), static update => update["ended"]?.GetValue<bool>() == true);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\nThe agent:\n{Agent.Output}\nThe helper:\n{Helper.Output}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { Agent, Helper })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }
    }

    private async Task<JsonNode> Newest(string version) =>
        (await _fleet.Api.Get($"/api/v1/devices/{Id}/updates"))["items"]!.AsArray().FirstOrDefault(one => one!["version"]!.GetValue<string>() == version) ?? new JsonObject();

    private Task<(int Code, string Output)> Run(params string[] arguments) => ChildProcess.Run(Repository.Agent, [.. arguments, .. Options()], StartUp);

    private string[] Options() => ["--state", this["state"], "--config", this["agent.conf"]];

    private void StartHelper() => Helper = ChildProcess.Start(
        Tool.Require("/usr/bin/systemd-socket-activate", "systemd"),
        [
            $"--listen={this["helper.sock"]}", Repository.Agent, "updates", "--policy", this["helper.conf"], "--user", Environment.UserName, "--folder", this["root"],
            "--agent-folder", this["state/updates"], "--root-metadata", this["none"], "--hooks", this["hooks"], "--systemctl", "/bin/false",
        ]);

    private void StartAgent(int lanPort) => Agent = ChildProcess.Start(
        Repository.Agent,
        [
            "run", .. Options(), .. new[]
            {
                "Logs:Journal=off",
                "Uplink:ResendAfter=2s",
                "Transport:BackoffMaximum=2s",
                "Commands:Allow=update",
                "Updates:Helper=" + this["helper.sock"],
                "Updates:Installed=" + this["root"],
                "Updates:Neighbours=yes",
                "Updates:Share=yes",
                "Updates:Lan=lo",
                $"Updates:LanPort={lanPort}",
            }.SelectMany(static setting => new[] { "--set", setting }),
        ]);
}
