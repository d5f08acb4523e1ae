using System.Text;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>Shells that the owner has recorded for an auditor: what the auditor reads, and what nobody else does.</summary>
public sealed class RecordingTests
{
    private const string Shown = "mark=83810205=";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Shells_UnderARuleThatRecords_ComeToTheAuditorAndToNobodyElse()
    {
        await using var fleet = await SplitFleet.Start();
        await StartAgent(fleet);
        await fleet.Online(Deadline);
        var owner = await TakeOver(fleet);

        var ended = await SitDown(fleet, owner, async shell =>
        {
            await shell.Type("exit 3");
            await shell.WaitForExit(Deadline);
            Assert.Equal(3, shell.ExitCode);
        });
        var whole = await Recording(fleet, owner, 1);
        Assert.Equal(("complete", "complete"), (whole["ended"]!.GetValue<string>(), whole["state"]!.GetValue<string>()));
        Assert.Contains($"Recording: sha256 {whole["sha256"]!.GetValue<string>()}, {whole["size"]!.GetValue<long>()} bytes.", ended["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(ended["id"]!.GetValue<string>(), whole["id"]!.GetValue<string>());
        Assert.Contains("    ", await owner.Look(fleet.Url, "recordings", "list", "--token-file", fleet.TokenFile), StringComparison.Ordinal);
        await AssertReads(fleet, owner, whole, "complete");

        // What the person sat at was killed in the middle: what was on the medium is kept.
        await SitDown(fleet, owner, async shell =>
        {
            var file = Assert.Single(Directory.GetFiles(Path.Combine(fleet.AgentState, "recordings", "writing")));
            var seen = File.GetLastWriteTimeUtc(file);
            await shell.Type("echo again");
            await Eventually.Is("it is on the medium", Deadline, () => Task.FromResult(File.GetLastWriteTimeUtc(file) > seen));
            await fleet.Agent.KillNow();
            await StartAgent(fleet);
        });
        var broken = await Recording(fleet, owner, 2);
        Assert.Equal(("broken-off", "complete"), (broken["ended"]!.GetValue<string>(), broken["state"]!.GetValue<string>()));
        await AssertReads(fleet, owner, broken, "broken-off");
        var unknown = await fleet.Api.WaitForCommand(fleet.DeviceId, broken["id"]!.GetValue<string>(), Deadline);
        Assert.EndsWith(", broken off.", unknown["message"]!.GetValue<string>(), StringComparison.Ordinal);

        Assert.Empty(Directory.GetFiles(Path.Combine(fleet.AgentState, "recordings"), "*", SearchOption.AllDirectories));
        await AssertNoneWithoutRoom(fleet, owner);
        foreach (var folder in new[] { fleet.ControlData, fleet.RelayData, fleet.AgentState })
        {
            AssertNowhere(folder);
        }
    }

    private static Task StartAgent(SplitFleet fleet) => fleet.StartAgent("Trust:AskInterval=1s", "Trust:AskIntervalSilent=1s");

    private static async Task<OwnersMachine> TakeOver(SplitFleet fleet)
    {
        var fingerprint = (await fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>();
        var owner = await OwnersMachine.Create(fleet.Scratch["owner"], fleet.TokenFile, fingerprint, "root.pem", "alice.pem");
        await owner.Run(fleet.Url, "trust", "take-over", "--root-key", owner["root.pem"], "--owner-key", owner["alice.pem"]);
        await owner.Run(fleet.Url, "recordings", "key", owner["auditor.pem"]);
        await owner.Run(fleet.Url, "recordings", "key", owner["other.pem"]);
        var said = await owner.Run(fleet.Url, "policy", "add", "shell", "--role", "owner", "--record", owner["auditor.pem.pub"], "--owner-key", owner["alice.pem"]);
        Assert.Contains("+ rule 1, shell: owner; shells recorded for ", said, StringComparison.Ordinal);
        var version = JsonNode.Parse(await owner.Look(fleet.Url, "trust", "show", "--json"))!["roster"]!["version"]!.GetValue<ulong>();
        await Eventually.Is("the device has the roster", Deadline, async () => (await fleet.AgentStatus())["enrolment"]!["rosterVersion"]!.GetValue<ulong>() == version);
        return owner;
    }

    /// <summary>A shell in which something was shown; what became of its command.</summary>
    private static async Task<JsonNode> SitDown(SplitFleet fleet, OwnersMachine owner, Func<ChildProcess, Task> end)
    {
        await using var shell = await Shell(fleet, owner);
        await shell.WaitForLine("[This session is recorded (policy rule 1), for the key ", Deadline);
        await shell.Type("echo mark=$((12345*6789))=");
        await shell.WaitForLine(Shown, Deadline);
        await end(shell);
        var command = (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/commands"))["items"]!.AsArray().First(static one => one!["type"]!.GetValue<string>() == "shell")!;
        return await fleet.Api.WaitForCommand(fleet.DeviceId, command["id"]!.GetValue<string>(), Deadline);
    }

    /// <summary>The newest one, when there are so many and it is stored.</summary>
    private static async Task<JsonNode> Recording(SplitFleet fleet, OwnersMachine owner, int count) => (await Eventually.Get(
        "the recording is at the server",
        Deadline,
        async () => JsonNode.Parse(await owner.Look(fleet.Url, "recordings", "list", "--device", fleet.DeviceId, "--json", "--token-file", fleet.TokenFile))!["recordings"]!,
        list => list.AsArray().Count == count && list[0]!["state"]!.GetValue<string>() == "complete"))[0]!;

    private static async Task AssertReads(SplitFleet fleet, OwnersMachine owner, JsonNode recording, string ended)
    {
        var (place, cast) = ($"{fleet.DeviceId}/{recording["id"]!.GetValue<string>()}", owner[ended + ".cast"]);
        var said = await owner.Run(fleet.Url, "recordings", "get", place, "--key", owner["auditor.pem"], "--out", cast);
        Assert.Contains(recording["sha256"]!.GetValue<string>(), said, StringComparison.Ordinal);
        Assert.Contains("Ended      " + ended, said, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(cast, TestContext.Current.CancellationToken);
        Assert.Equal(2, JsonNode.Parse(lines[0])!["version"]!.GetValue<int>());
        Assert.Contains(Shown, string.Concat(lines.Skip(1).Select(static line => JsonNode.Parse(line)![2]!.GetValue<string>())), StringComparison.Ordinal);
        Assert.Contains(Shown, await owner.Run(fleet.Url, "recordings", "play", place, "--key", owner["auditor.pem"], "--text"), StringComparison.Ordinal);

        var (code, output) = await ChildProcess.Run(Repository.FleetCtl,
        [
            "recordings", "get", place, "--key", owner["other.pem"], "--out", owner["other.cast"], "--passphrase-file", owner["passphrase"], "--url", fleet.Url,
            "--token-file", fleet.TokenFile, "--config", owner["fleetctl.json"], "--fleet", (await fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>(),
        ], Deadline);
        Assert.Equal(1, code);
        Assert.Contains("is not sealed to this key", output, StringComparison.Ordinal);
        Assert.False(File.Exists(owner["other.cast"]));
    }

    /// <summary>What cannot be recorded is not opened.</summary>
    private static async Task AssertNoneWithoutRoom(SplitFleet fleet, OwnersMachine owner)
    {
        await fleet.Agent.KillNow();
        await fleet.StartAgent("Trust:AskInterval=1s", "Trust:AskIntervalSilent=1s", "Sessions:KeepFree=1000000GiB");
        await using var shell = await Shell(fleet, owner);
        await shell.WaitForExit(Deadline);
        Assert.NotEqual(0, shell.ExitCode);
        Assert.Contains("Shells are recorded here (policy rule 1), and that cannot be done now: the disk is full", shell.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(fleet.AgentState, "recordings"), "*", SearchOption.AllDirectories));
    }

    private static async Task<ChildProcess> Shell(SplitFleet fleet, OwnersMachine owner) => ChildProcess.Start(Repository.FleetCtl,
    [
        "shell", fleet.DeviceId, "--key", owner["alice.pem"], "--passphrase-file", owner["passphrase"], "--url", fleet.Url, "--token-file", fleet.TokenFile,
        "--fleet", (await fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>(), "--config", owner["fleetctl.json"],
    ]);

    private static void AssertNowhere(string folder)
    {
        // Neither the lock of what runs nor a socket can be read.
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(static one => Path.GetFileName(one) is not ("lock" or "agent.sock")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Shown)) < 0, $"{file} has what the terminal showed");
        }
    }
}
