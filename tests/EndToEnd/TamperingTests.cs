using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>A relay in the attacker's hands gains nothing but delay, and an operator sees that it tried.</summary>
public sealed class TamperingTests
{
    [Fact]
    public async Task EvilRelay_FlippingReplayingTruncatingAndReaddressing_ChangesNothingAndIsCounted()
    {
        await using var fleet = await SplitFleet.Start(evil: true);
        await fleet.StartAgent();
        await fleet.Online(TimeSpan.FromSeconds(60));
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        fleet.Evil!.Attack = publish => Attack(publish, fleet.DeviceId, seen);

        var lines = Enumerable.Range(0, 60).Select(static i => $"line {i:D4}").ToList();
        var results = new List<JsonNode>();
        foreach (var chunk in lines.Chunk(10))
        {
            await File.AppendAllLinesAsync(fleet.FollowedFile, chunk);
            results.Add(await fleet.Api.Run(fleet.DeviceId, SplitFleet.RunScript("count"), TimeSpan.FromSeconds(60)));
        }

        await Eventually.Is("all lines are stored", TimeSpan.FromSeconds(90), async () => (await fleet.Api.LogBodies(fleet.DeviceId, "line ")).Count >= lines.Count);
        Assert.Equal(lines, (await fleet.Api.LogBodies(fleet.DeviceId, "line ")).Order(StringComparer.Ordinal));
        Assert.All(results, static result => Assert.Equal("done", result["state"]!.GetValue<string>()));
        Assert.Equal(results.Count, (await File.ReadAllLinesAsync(fleet.CountedRuns)).Length);

        Assert.All(["up", "down"], direction => Assert.True(seen.GetValueOrDefault(direction) > 5, $"Few messages were attacked on the way {direction}: {seen.GetValueOrDefault(direction)}"));
        var device = await Eventually.Get(
            "both sides report what they refused",
            TimeSpan.FromSeconds(60),
            () => fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}"),
            static device => Sides(device).SetEquals(["server", "device"]) && Reasons(device).Count >= 4);
        Assert.DoesNotContain(device["rejections"]!.AsArray(), static rejection => rejection!["count"]!.GetValue<long>() < 1);
    }

    private static HashSet<string> Reasons(JsonNode device) =>
        device["rejections"]!.AsArray().Select(static r => $"{r!["side"]}:{r["reason"]}").ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> Sides(JsonNode device) =>
        device["rejections"]!.AsArray().Where(static r => r!["count"]!.GetValue<long>() > 0).Select(static r => r!["side"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);

    /// <summary>The genuine message goes through, with forgeries of it before and after.</summary>
    private static IEnumerable<MqttPublish> Attack(MqttPublish publish, string deviceId, ConcurrentDictionary<string, int> seen)
    {
        var up = string.Equals(publish.Topic, $"m1/d/{deviceId}/up", StringComparison.Ordinal);
        var down = string.Equals(publish.Topic, $"m1/d/{deviceId}/down", StringComparison.Ordinal);
        if ((!up && !down) || publish.Payload.Length < 40)
        {
            return [publish];
        }

        seen.AddOrUpdate(up ? "up" : "down", 1, static (_, count) => count + 1);
        var copy = publish.AsCopy();
        var flippedAtTheEnd = (byte[])copy.Payload.Clone();
        flippedAtTheEnd[^1] ^= 1;
        var flippedInside = (byte[])copy.Payload.Clone();
        flippedInside[flippedInside.Length / 2] ^= 0x80;
        return
        [
            copy with { Payload = flippedAtTheEnd },
            copy with { Payload = flippedInside },
            copy with { Payload = copy.Payload[..^7] },
            publish,
            copy,
            copy with { Topic = up ? $"m1/d/{new string('0', 32)}/up" : copy.Topic },
        ];
    }
}
