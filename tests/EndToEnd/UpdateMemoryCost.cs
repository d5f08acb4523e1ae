using System.Globalization;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>
/// What the agent takes of a device's memory while it fetches a whole artifact, and while it makes one of a delta: run by hand, figures in bench/results/delta.md. MESSAGING_OLD and MESSAGING_NEW are the two artifacts.
/// </summary>
public sealed class UpdateMemoryCost
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    [Fact(Explicit = true)]
    public async Task Update_Whole_AndByADelta()
    {
        await using var fleet = await SplitFleet.Start();
        var owner = await UpdateFleet.Begin(fleet);
        string[] paths = [Path("MESSAGING_OLD"), Path("MESSAGING_NEW")];
        foreach (var (index, path) in paths.Index())
        {
            await owner.Do(fleet.Url, "artifact", "add", path, "--kind", "note", "--name", "app", "--version", $"1.{index}.0", "--health-seconds", "0", "--health-deadline", "30");
            await owner.Run(fleet.Url, "artifact", "sign", "--key", owner["alice.pem"], "--yes");
            await owner.Do(fleet.Url, "artifact", "publish");
        }

        // The helper ends when nobody has asked it anything for a while, and nothing starts it again here.
        await using var device = await UpdatingDevice.Start(fleet, "one", Ports.Free());
        foreach (var (index, path) in paths.Index())
        {
            var (before, most) = (Memory(device, "VmRSS"), await MostAsync(fleet, owner, device, $"1.{index}.0"));
            TestContext.Current.SendDiagnosticMessage(string.Create(
                CultureInfo.InvariantCulture,
                $"1.{index}.0: {before:0.0} MB resident before, at most {most.Resident:0.0} MB while it is updated, {most.Fetched} bytes fetched of {new FileInfo(path).Length}; then {Memory(device, "RssAnon"):0.0} MB are its own, {Memory(device, "RssFile"):0.0} MB of files"));
        }
    }

    private static async Task<(double Resident, long Fetched)> MostAsync(SplitFleet fleet, OwnersMachine owner, UpdatingDevice device, string version)
    {
        // The kernel begins its count anew (proc(5), /proc/PID/clear_refs).
        await File.WriteAllTextAsync($"/proc/{device.Agent.Id}/clear_refs", "5", TestContext.Current.CancellationToken);
        await owner.Run(fleet.Url, "update", device.Id, "--target", $"app@{version}", "--key", owner["alice.pem"]);
        var update = await device.Ended(version, Long);
        Assert.Equal("committed", update["state"]!.GetValue<string>());
        return (Memory(device, "VmHWM"), update["fetched"]!["homes"]!.GetValue<long>());
    }

    /// <summary>In MB (10^6 bytes).</summary>
    private static double Memory(UpdatingDevice device, string field)
    {
        var line = File.ReadLines($"/proc/{device.Agent.Id}/status").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    private static string Path(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? path : throw new InvalidOperationException($"{variable} is the path of an artifact.");
}
