using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>Two devices of one local network get the same releases: the second one has them from the first, and from the server when the first one brings something else.</summary>
public sealed class NeighbourTests
{
    private const int Size = 1024 * 1024;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Releases_OfTwoNeighbours_AreFetchedOnceUnlessOneOfThemLies()
    {
        var metrics = Ports.Free();
        await using var fleet = await SplitFleet.Start(control: ["--metrics-port", $"{metrics}"]);
        var (first, second) = (RandomNumberGenerator.GetBytes(Size), RandomNumberGenerator.GetBytes(Size));
        var owner = await Publish(fleet, ("1.0.0", first), ("1.1.0", second));
        var lan = Ports.Free();
        await using var one = await UpdatingDevice.Start(fleet, "one", lan);
        await using var other = await UpdatingDevice.Start(fleet, "other", lan);

        Assert.Equal((0, 0, Size), await Update(fleet, owner, one, "1.0.0", first));
        Assert.Equal((Size, 0, 0), await Update(fleet, owner, other, "1.0.0", first));
        Assert.Equal(1, await Downloads(metrics));
        Assert.Equal(Size, (await other.Status())["update"]!["fromNeighbours"]!.GetValue<long>());
        Assert.Equal((1, Size, Size), Sharing(await one.Status()));

        // What the first one has is another after it has looked at it: it gives something wrong, and does not know.
        Assert.Equal((0, 0, Size), await Update(fleet, owner, one, "1.1.0", second));
        Damage(one, second);
        Assert.Equal((Size, 0, Size), await Update(fleet, owner, other, "1.1.0", second));
        Assert.Equal(3, await Downloads(metrics));
        Assert.Contains("is passed over", other.Agent.Output, StringComparison.Ordinal);
    }

    /// <summary>Takes the fleet over, and publishes releases of the component "app".</summary>
    private static async Task<OwnersMachine> Publish(SplitFleet fleet, params (string Version, byte[] Program)[] releases)
    {
        var owner = await UpdateFleet.Begin(fleet);
        foreach (var (version, program) in releases)
        {
            var path = owner["program.bin"];
            await File.WriteAllBytesAsync(path, program, Ct);
            await owner.Do(
                fleet.Url, "artifact", "add", path, "--kind", "note", "--name", "app", "--version", version, "--deltas", "0", "--health-seconds", "0", "--health-deadline", "30");
        }

        await owner.Run(fleet.Url, "artifact", "sign", "--key", owner["alice.pem"], "--yes");
        await owner.Do(fleet.Url, "artifact", "publish");
        return owner;
    }

    /// <summary>Assigns a release to a device, which commits it; answers from whom its bytes came.</summary>
    private static async Task<(long Neighbours, long Mirrors, long Homes)> Update(SplitFleet fleet, OwnersMachine owner, UpdatingDevice device, string version, byte[] program)
    {
        await owner.Run(fleet.Url, "update", device.Id, "--target", $"app@{version}", "--key", owner["alice.pem"]);

        var update = await device.Ended(version, Long);

        Assert.True(update["state"]!.GetValue<string>() == "committed", $"{update}\nThe agent:\n{device.Agent.Output}\nThe helper:\n{device.Helper.Output}");
        Assert.Equal("committed", update["receipt"]!["outcome"]!.GetValue<string>());
        Assert.Equal(program, device.Installed("app"));
        var fetched = update["fetched"]!;
        return (fetched["neighbours"]!.GetValue<long>(), fetched["mirrors"]!.GetValue<long>(), fetched["homes"]!.GetValue<long>());
    }

    private static (int Artifacts, long Bytes, long Given) Sharing(JsonNode status) =>
        (status["sharing"]!["artifacts"]!.GetValue<int>(), status["sharing"]!["bytes"]!.GetValue<long>(), status["sharing"]!["given"]!.GetValue<long>());

    private static void Damage(UpdatingDevice device, byte[] program)
    {
        var path = Assert.Single(device.Shared, path => path.EndsWith(Convert.ToHexStringLower(SHA256.HashData(program)), StringComparison.Ordinal));
        using var file = File.OpenWrite(path);
        file.Seek(program.Length / 2, SeekOrigin.Begin);
        file.WriteByte((byte)~program[program.Length / 2]);
    }

    /// <summary>How many requests for artifacts the server has answered, as it tells Prometheus.</summary>
    private static async Task<int> Downloads(int port)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Ct);
        var counts = text.Split('\n').Where(static line => line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal) && line.Contains("/repository/targets/", StringComparison.Ordinal));
        return counts.Sum(static line => int.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }
}
