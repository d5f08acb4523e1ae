using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

public sealed class RotationTests
{
    [Fact]
    public async Task RotateKeys_OfARunningDevice_ChangesTheKeysAndLosesNoLine()
    {
        await using var demo = await Demo.Start(TimeSpan.FromSeconds(60));
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
            TimeSpan.FromSeconds(30),
            async () => (await demo.Api.LogBodies(demo.DeviceId, "rotation: ")).Count >= 3);
        Assert.Equal(["rotation: before", "rotation: after 0", "rotation: after 1"], await demo.Api.LogBodies(demo.DeviceId, "rotation: "));
        var ping = await demo.Api.Run(demo.DeviceId, new JsonObject { ["type"] = "ping" }, TimeSpan.FromSeconds(30));
        Assert.Equal("done", ping["state"]!.GetValue<string>());
        var changed = (await demo.Api.Get($"/api/v1/devices/{demo.DeviceId}/events"))["items"]!.AsArray()
            .Count(static e => e!["name"]!.GetValue<string>() == "keys.changed");
        Assert.Equal(2, changed);
    }
}
