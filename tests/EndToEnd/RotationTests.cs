using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

public sealed class RotationTests
{
    [Fact]
    public async Task RotateKeys_OfARunningDevice_ChangesTheKeysAndLosesNoLine()
    {
        await using var demo = await Demo.Start(TimeSpan.FromSeconds(120));
        var log = Path.Combine(demo.Data, "demo.log");
        await File.AppendAllTextAsync(log, "rotation: before\n");

        for (var i = 0; i < 2; i++)
        {
            var rotated = await demo.Api.Run(demo.DeviceId, new JsonObject { ["type"] = "rotate-keys" }, TimeSpan.FromSeconds(60));
            Assert.Equal("done", rotated["state"]!.GetValue<string>());
            await File.AppendAllTextAsync(log, $"rotation: after {i}\n");
        }

        await Eventually.Is(
            "the lines before and after have arrived",
            TimeSpan.FromSeconds(60),
            async () => (await demo.Api.LogBodies(demo.DeviceId, "rotation: ")).Count >= 3);
        Assert.Equal(
            ["rotation: after 0", "rotation: after 1", "rotation: before"], (await demo.Api.LogBodies(demo.DeviceId, "rotation: ")).Order(StringComparer.Ordinal));
        var ping = await demo.Api.Run(demo.DeviceId, new JsonObject { ["type"] = "ping" }, TimeSpan.FromSeconds(60));
        Assert.Equal("done", ping["state"]!.GetValue<string>());
        var changes = await Eventually.Get("both changes are told", TimeSpan.FromSeconds(60), () => KeyChanges(demo), static count => count >= 2);
        Assert.Equal(2, changes);
    }

    private static async Task<int> KeyChanges(Demo demo) =>
        (await demo.Api.Get($"/api/v1/devices/{demo.DeviceId}/events"))["items"]!.AsArray().Count(static e => e!["name"]!.GetValue<string>() == "keys.changed");
}
