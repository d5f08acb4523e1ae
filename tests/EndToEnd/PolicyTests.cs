using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>The owner's rules, set by fleetctl and kept by the device: two who must sign, a window, nobody; and one signature for all devices.</summary>
public sealed partial class PolicyTests
{
    private const string Script = """{"name":"count"}""";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Rules_OfTheOwner_AreKeptByTheDevice()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent("Trust:AskInterval=1s", "Trust:AskIntervalSilent=1s");
        await fleet.Online(Deadline);
        var owner = await TakeOver(fleet);

        await NeedsTwo(fleet, owner);
        await WaitsForItsWindow(fleet, owner);
        await GoesToAllByOneSignature(fleet, owner);
        await HasAKeyForOneThing(fleet, owner);
    }

    private static async Task<OwnersMachine> TakeOver(SplitFleet fleet)
    {
        var fingerprint = (await fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>();
        var owner = await OwnersMachine.Create(fleet.Scratch["owner"], fleet.TokenFile, fingerprint, "root.pem", "alice.pem", "bob.pem");
        await owner.Run(fleet.Url, "trust", "take-over", "--root-key", owner["root.pem"], "--owner-key", owner["alice.pem"]);
        await owner.Run(fleet.Url, "roster", "add", "--key", owner["bob.pem.pub"], "--role", "operator", "--owner-key", owner["alice.pem"]);
        return owner;
    }

    private static async Task NeedsTwo(SplitFleet fleet, OwnersMachine owner)
    {
        var changed = await Change(fleet, owner, "policy", "add", "run-script", "--role", "owner", "--role", "operator", "--signatures", "2");
        Assert.Contains("+ rule 1, run-script: owner, operator, 2 signatures", changed, StringComparison.Ordinal);

        var proposed = await owner.Run(fleet.Url, "command", fleet.DeviceId, "run-script", "--args", Script, "--key", owner["alice.pem"], "--no-wait");
        var id = Id().Match(proposed).Value;
        Assert.Contains($"{id} run-script for {fleet.DeviceId}, signed by 1 of 2", await Look(fleet, owner, "pending"), StringComparison.Ordinal);
        var shown = await Look(fleet, owner, "show", id);
        Assert.Contains("count", shown, StringComparison.Ordinal);
        var digest = Digest().Match(shown).Groups["digest"].Value;
        Assert.Equal(0, Runs(fleet));

        await owner.Run(fleet.Url, "command", "approve", id, digest, "--key", owner["bob.pem"]);

        await Eventually.Is("it ran", Deadline, () => Task.FromResult(Runs(fleet) == 1));
        Assert.DoesNotContain(id, await Look(fleet, owner, "pending"), StringComparison.Ordinal);
    }

    private static async Task WaitsForItsWindow(SplitFleet fleet, OwnersMachine owner)
    {
        // Far enough ahead that the command is there before it opens, and the agent is killed before it does.
        var opens = TimeProvider.System.GetUtcNow().AddSeconds(15 + 59);
        opens = opens.AddTicks(-(opens.Ticks % TimeSpan.TicksPerMinute));
        var window = string.Create(CultureInfo.InvariantCulture, $"daily {opens:HH:mm}-{opens.AddMinutes(10):HH:mm}");
        await File.WriteAllTextAsync(
            owner["policy.json"], $$"""{"rules":[{"types":["run-script"],"roles":["owner"],"windows":["{{window}}"]},{"types":["shell"],"roles":[]}]}""", TestContext.Current.CancellationToken);
        var changed = await Change(fleet, owner, "policy", "set", owner["policy.json"]);
        Assert.Contains("- rule 1, run-script: owner, operator, 2 signatures", changed, StringComparison.Ordinal);
        Assert.Contains("+ rule 2, shell: nobody", changed, StringComparison.Ordinal);

        await owner.Run(fleet.Url, "command", fleet.DeviceId, "run-script", "--args", Script, "--key", owner["alice.pem"], "--no-wait");
        var command = await Eventually.Get(
            "the device says what it waits for",
            Deadline,
            async () => (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/commands"))["items"]![0]!,
            static command => command["state"]!.GetValue<string>() == "accepted");
        Assert.Contains($"It waits for the maintenance window {window} UTC", command["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await fleet.Agent.KillNow();
        Assert.Equal(1, Runs(fleet));
        await fleet.StartAgent("Trust:AskInterval=1s", "Trust:AskIntervalSilent=1s");

        var ended = await fleet.Api.WaitForCommand(fleet.DeviceId, command["id"]!.GetValue<string>(), TimeSpan.FromMinutes(3));

        Assert.Equal("done", ended["state"]!.GetValue<string>());
        Assert.True(ended["finishedAt"]!.GetValue<DateTimeOffset>() >= opens, $"It ended at {ended["finishedAt"]}, before {opens:O}.");
        Assert.Equal(2, Runs(fleet));
    }

    private static async Task GoesToAllByOneSignature(SplitFleet fleet, OwnersMachine owner)
    {
        await Change(fleet, owner, "policy", "remove", "1", "2");
        Assert.Contains("No rules but the defaults", await owner.Look(fleet.Url, "policy", "show"), StringComparison.Ordinal);

        await ToAll("--dry-run");
        Assert.Equal(2, Runs(fleet));

        await ToAll();
        Assert.Equal(3, Runs(fleet));

        async Task ToAll(params string[] more)
        {
            var set = await owner.Ask(fleet.Url, ["command", "--devices", "all", "run-script", "--args", Script, "--key", owner["alice.pem"], .. more]);
            Assert.Equal(1, set["totals"]!["done"]!.GetValue<int>());
        }
    }

    /// <summary>A role with a name of the owner's own.</summary>
    private static async Task HasAKeyForOneThing(SplitFleet fleet, OwnersMachine owner)
    {
        await owner.CreateKey("ci.pem");
        await Change(fleet, owner, "roster", "add", "--key", owner["ci.pem.pub"], "--role", "update", "--not-after", "90d");
        await Change(fleet, owner, "policy", "add", "run-script", "--role", "update", "--role", "owner");

        await owner.Run(fleet.Url, "command", fleet.DeviceId, "run-script", "--args", Script, "--key", owner["ci.pem"]);
        Assert.Equal(4, Runs(fleet));

        var (code, said) = await owner.Try(fleet.Url, "command", fleet.DeviceId, "ping", "--key", owner["ci.pem"]);
        Assert.NotEqual(0, code);
        Assert.Contains("policy", said, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A change that the owner signs, known to the device; what fleetctl says of it.</summary>
    private static async Task<string> Change(SplitFleet fleet, OwnersMachine owner, params string[] arguments)
    {
        var said = await owner.Run(fleet.Url, [.. arguments, "--owner-key", owner["alice.pem"]]);
        var version = JsonNode.Parse(await owner.Look(fleet.Url, "trust", "show", "--json"))!["roster"]!["version"]!.GetValue<ulong>();
        await Eventually.Is("the device has the roster", Deadline, async () => (await fleet.AgentStatus())["enrolment"]!["rosterVersion"]!.GetValue<ulong>() == version);
        return said;
    }

    /// <summary>Takes no key.</summary>
    private static Task<string> Look(SplitFleet fleet, OwnersMachine owner, params string[] arguments) =>
        owner.Look(fleet.Url, ["command", .. arguments, "--token-file", fleet.TokenFile]);

    private static int Runs(SplitFleet fleet) => File.Exists(fleet.CountedRuns) ? File.ReadAllLines(fleet.CountedRuns).Length : 0;

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Id();

    [GeneratedRegex("digest +(?<digest>[0-9a-f]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Digest();
}
