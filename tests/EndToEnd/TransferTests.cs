using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>An owner brings files to a device and fetches them with fleetctl, while what is between them is killed.</summary>
public sealed class TransferTests
{
    private const int Bytes = (24 * 1024 * 1024) + 17;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task PushAndPull_ThroughKillsOfTheRelay_BringTheSameBytes()
    {
        await using var fleet = await SplitFleet.Start();
        var folder = Directory.CreateDirectory(fleet.Scratch["there"]).FullName;
        await fleet.StartAgent(
            "Commands:Allow=ping,push,pull", "Commands:ReadPaths=" + folder, "Commands:WritePaths=" + folder, "Sessions:KeepFree=0");
        await fleet.Online(Deadline);
        var asOwner = await TakeOver(fleet);
        var content = RandomNumberGenerator.GetBytes(Bytes);
        var (local, there) = (fleet.Scratch["local.bin"], Path.Combine(folder, "app.bin"));
        await File.WriteAllBytesAsync(local, content, TestContext.Current.CancellationToken);

        await using (var push = ChildProcess.Start(Repository.FleetCtl, ["push", local, $"{fleet.DeviceId}:{there}", "--mode", "750", .. asOwner]))
        {
            await Eventually.Is("a part is there", Deadline, () => Task.FromResult(push.HasExited || Partial(folder) is > Bytes / 8));
            Assert.False(push.HasExited, push.Output);
            Assert.False(File.Exists(there));
            await fleet.Relay.KillNow();
            await fleet.StartRelay();
            await push.WaitForExit(Deadline);
            Assert.True(push.ExitCode == 0, push.Output);
        }

        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await File.ReadAllBytesAsync(there, TestContext.Current.CancellationToken)));
        Assert.Equal((UnixFileMode)0x1e8, File.GetUnixFileMode(there));
        Assert.Equal([there], Directory.GetFiles(folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }));

        var back = fleet.Scratch["back.bin"];
        await using (var pull = ChildProcess.Start(Repository.FleetCtl, ["pull", $"{fleet.DeviceId}:{there}", back, .. asOwner]))
        {
            var part = fleet.Scratch[".back.bin.part"];
            await Eventually.Is("a part is here", Deadline, () => Task.FromResult(pull.HasExited || (File.Exists(part) && new FileInfo(part).Length > Bytes / 8)));
            Assert.False(pull.HasExited, pull.Output);
            Assert.False(File.Exists(back));
            await fleet.Relay.KillNow();
            await fleet.StartRelay();
            await pull.WaitForExit(Deadline);
            Assert.True(pull.ExitCode == 0, pull.Output);
        }

        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await File.ReadAllBytesAsync(back, TestContext.Current.CancellationToken)));
        var commands = (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/commands"))["items"]!.AsArray();
        foreach (var type in new[] { "push", "pull" })
        {
            var command = await fleet.Api.WaitForCommand(
                fleet.DeviceId, commands.Single(one => one!["type"]!.GetValue<string>() == type)!["id"]!.GetValue<string>(), Deadline);
            Assert.Equal("done", command["state"]!.GetValue<string>());
            Assert.Equal(there, command["args"]!["path"]!.GetValue<string>());
            Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content)), command["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    /// <returns>The options with which fleetctl acts as the owner.</returns>
    private static async Task<string[]> TakeOver(SplitFleet fleet)
    {
        await File.WriteAllTextAsync(fleet.Scratch["passphrase"], "a passphrase of a test\n");
        File.SetUnixFileMode(fleet.Scratch["passphrase"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (root, owner) = (fleet.Scratch["root.pem"], fleet.Scratch["owner.pem"]);
        string[] server =
        [
            "--passphrase-file", fleet.Scratch["passphrase"], "--url", fleet.Url, "--token-file", fleet.TokenFile,
            "--fleet", (await fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>(), "--config", fleet.Scratch["fleetctl.json"],
        ];
        await FleetCtl("key", "create", root, "--passphrase-file", fleet.Scratch["passphrase"]);
        await FleetCtl("key", "create", owner, "--passphrase-file", fleet.Scratch["passphrase"]);
        await FleetCtl(["trust", "take-over", "--root-key", root, "--owner-key", owner, .. server]);
        await Eventually.Is("the device has heard of it", Deadline, async () => (await fleet.AgentStatus())["enrolment"]!["rootVersion"]!.GetValue<ulong>() == 2);
        return ["--key", owner, .. server];
    }

    private static async Task FleetCtl(params string[] arguments)
    {
        var (code, output) = await ChildProcess.Run(Repository.FleetCtl, arguments, Deadline);
        Assert.True(code == 0, $"fleetctl {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }

    private static long? Partial(string folder) =>
        Directory.GetFiles(folder, ".messaging-*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).Select(static path => (long?)new FileInfo(path).Length).SingleOrDefault();
}
