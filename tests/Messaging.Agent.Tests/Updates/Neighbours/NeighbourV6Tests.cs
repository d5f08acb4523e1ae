using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Updates.Neighbours;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Tests.Updates.Neighbours;

/// <summary>A network that has no addresses but those of IPv6, which every link has: in a network namespace of its own, where this program runs once more.</summary>
public sealed class NeighbourV6Tests
{
    private const string Inside = "MESSAGING_TEST_LAN";
    private const string Script = """
        ip link set lo up && ip link add lan0 type veth peer name lan1 && ip link set lan0 up && ip link set lan1 up && ip address add fe80::7/64 dev lan0 nodad && exec "$0" -noColor -method "$1"
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Device_OnALinkWithoutIPv4_TakesItFromItsNeighbour()
    {
        if (Environment.GetEnvironmentVariable(Inside) is null)
        {
            await RunInsideAsync();
            return;
        }

        using var releases = new TestReleases();
        var artifact = RandomNumberGenerator.GetBytes(300_000);
        var assigned = releases.Add("app/1.1.0/app.tar", artifact, ReleaseWriter.Write(TestReleases.Tree("1.1.0", 2)));
        var port = LanDevice.FreePort();
        await using var first = new LanDevice(releases, port) { Options = { Lan = "lan0" } };
        await using var second = new LanDevice(releases, port) { Options = { Lan = "lan0" } };
        var link = Assert.Single(LanLinks.Find([]), static one => one.Name == "lan0" && one.Address.Equals(new IPAddress(IPAddress.Parse("fe80::7").GetAddressBytes(), one.Index)));
        Assert.True(link.IsV6);

        await first.World().RunAsync(assigned, isFollowed: false, Ct);
        first.Serve();
        var world = second.World();
        await world.RunAsync(assigned, isFollowed: false, Ct);

        Assert.Equal(UpdateState.Committed, Assert.Single(world.Receipts).Outcome);
        Assert.Equal(artifact.Length, releases.Served);
    }

    private static async Task RunInsideAsync()
    {
        string[] arguments =
        [
            .. Environment.UserName == "root" ? [] : new[] { "--user", "--map-root-user" }, "--net", "/bin/sh", "-c", Script, Environment.ProcessPath!,
            $"{typeof(NeighbourV6Tests).FullName}.{nameof(Device_OnALinkWithoutIPv4_TakesItFromItsNeighbour)}",
        ];
        var start = new ProcessStartInfo(Tool.Require("/usr/bin/unshare", "util-linux"), arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment[Inside] = "yes";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Ct).WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System, Ct);
        await process.WaitForExitAsync(Ct);
        Assert.True(process.ExitCode == 0 && output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), output);
    }
}
