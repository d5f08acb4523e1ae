using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.Pi.Harness;

/// <summary>A board whose fleet has a repository of updates, signed by its owner.</summary>
public sealed class RaspberryPiWithUpdates : RaspberryPiWithOwner
{
    /// <summary>What runs on the board is there, by the launcher.</summary>
    internal const string Slots = "/var/lib/messaging-agent-updates/slots/messaging-agent";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private readonly Dictionary<string, (string Target, string Sha256, long Length)> _releases = new(StringComparer.Ordinal);

    private protected override IEnumerable<string> MoreSettings => ["Commands__Allow=ping,update", "Commands__StopGrace=5s"];

    private protected override IEnumerable<string> MorePolicy => ["UpdateKinds = agent, tree, script, deb"];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Owner.Deadline = Patience;
        await Owner.Run(Fleet.Url, "artifact", "init", "--root-key", Owner["root.pem"]);
        await Owner.Run(Fleet.Url, "artifact", "sign", "--key", Owner["root.pem"], "--key", Owner["owner.pem"], "--yes");
        await Owner.Do(Fleet.Url, "artifact", "publish");
    }

    /// <summary>Adds a release, of the agent unless it says more, signs and publishes it.</summary>
    /// <param name="version">Its version; what stands behind a plus is not the program's.</param>
    /// <param name="program">The executable, or another artifact.</param>
    /// <param name="more">More of what fleetctl says of it.</param>
    internal async Task Release(string version, string program, params string[] more)
    {
        await Owner.Do(
            Fleet.Url, ["artifact", "add", program, "--version", version, "--deltas", "0", "--health-seconds", "5", "--health-deadline", "60", .. more]);
        await Owner.Run(Fleet.Url, "artifact", "sign", "--key", Owner["owner.pem"], "--yes");
        await Owner.Do(Fleet.Url, "artifact", "publish");
        var bytes = await File.ReadAllBytesAsync(program);
        var listed = JsonNode.Parse(await Owner.Do(Fleet.Url, "artifact", "list", "--json"))!["releases"]!.AsArray().Single(one => one!["version"]!.GetValue<string>() == version)!;
        _releases[version] = (listed["target"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
    }

    /// <summary>Assigns a release, and waits for what comes of it: fleetctl's exit code, and what it says.</summary>
    internal Task<(int Code, string Output)> Update(string version)
    {
        var (target, sha256, length) = _releases[version];
        var args = new JsonObject { ["target"] = target, ["length"] = length, ["sha256"] = sha256, ["seconds"] = 86_400 };
        return Owner.Try(Fleet.Url, "command", DeviceId, "update", "--args", args.ToJsonString(), "--key", Owner["owner.pem"], "--expires", "1h");
    }

    /// <summary>A program that says that it is an agent of this version, and does nothing of what one does.</summary>
    internal async Task<string> Impostor(string version, string does)
    {
        var source = Scratch($"impostor-{version}.c");
        await File.WriteAllTextAsync(source, $$"""
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
              if (argc > 1 && !strcmp(argv[1], "version")) { puts("messaging-agent {{version}}"); return 0; }
              {{does}}
            }
            """);
        var program = Scratch($"impostor-{version}");
        var (code, output) = await ChildProcess.Run("aarch64-linux-gnu-gcc", ["-static", "-O1", "-o", program, source], Patience);
        Assert.True(code == 0, output);
        return program;
    }

    /// <summary>A path of this machine for what is made for the board.</summary>
    internal string Made(string name) => Scratch(name);

    /// <summary>The version of the agent that runs, as its process says.</summary>
    internal async Task<string> RunningVersion() =>
        (await Console.Run("/proc/$(systemctl show -p MainPID --value messaging-agent)/exe version")).Trim();
}
