using System.Text;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>Nobody between the device and control learns what is said: not on the wire, not in the relay's storage.</summary>
public sealed class BlindnessTests
{
    [Fact]
    public async Task Capture_OfTheRelaysTraffic_ContainsNothingThatTheDeviceSaysOrIsTold()
    {
        await using var fleet = await SplitFleet.Start();
        await using var capture = await Capture.Start(fleet.MqttPort, fleet.Scratch["relay.pcap"]);
        var marker = $"confidential-{Guid.CreateVersion7():N}";
        await fleet.StartAgent();
        await File.AppendAllTextAsync(fleet.FollowedFile, marker + "\n");
        await Eventually.Is("the line is stored", TimeSpan.FromSeconds(60), async () => (await fleet.Api.LogBodies(fleet.DeviceId, marker)).Count == 1);
        var ping = await fleet.Api.Run(fleet.DeviceId, new JsonObject { ["type"] = "ping" }, TimeSpan.FromSeconds(60));
        Assert.Equal("done", ping["state"]!.GetValue<string>());
        var script = await fleet.Api.Run(fleet.DeviceId, SplitFleet.RunScript("say", "the-secret-argument"), TimeSpan.FromSeconds(60));
        Assert.Equal("done", script["state"]!.GetValue<string>());
        var names = (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/metrics/names"))["items"]!.AsArray()
            .Select(static item => item!["name"]!.GetValue<string>()).ToArray();
        Assert.Contains("system.cpu.utilization", names);

        var traffic = await capture.Stop();

        // The capture is of the right traffic: the MQTT topics are in it, and enough bytes for what was sent.
        Assert.Contains($"m1/d/{fleet.DeviceId}/up", traffic, StringComparison.Ordinal);
        Assert.Contains($"m1/d/{fleet.DeviceId}/down", traffic, StringComparison.Ordinal);
        Assert.True(traffic.Length > 4_000, $"Only {traffic.Length} bytes were captured.");
        string[] secrets = [.. names, "system.", Environment.MachineName + ".", marker, "run-script", "the-secret-argument", "set-intervals", "cpu.mode", Path.GetFileName(fleet.FollowedFile)];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, traffic, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(HostnameInText(), traffic, StringComparison.OrdinalIgnoreCase);

        fleet.Relay.Terminate();
        await fleet.Relay.WaitForExit(TimeSpan.FromSeconds(20));
        var stored = Directory.EnumerateFiles(fleet.RelayData, "*", SearchOption.AllDirectories)
            .Select(static file => Encoding.Latin1.GetString(File.ReadAllBytes(file))).Aggregate("", static (all, text) => all + text);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, stored, StringComparison.OrdinalIgnoreCase));
    }

    // A host may be named with a word so short that sealed bytes contain it by chance.
    private static string HostnameInText() => Environment.MachineName.Length >= 6 ? Environment.MachineName : $"host.name{Environment.MachineName}";
}
