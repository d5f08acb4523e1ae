using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Fuzz;
using Messaging.Time;

namespace Messaging.Tests.Spec.Files;

internal sealed class TimeBeaconFile : VectorDocument
{
    private static readonly byte[] Label = "messaging/1/time-beacon"u8.ToArray();

    public override string Name => "time-beacon.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Beacons by the key time. Whether a device takes one is decided after this: device, boot, round trip.",
        ["accepted"] = Array([
            Accepted("a boot of two minutes", Samples.Beacon),
            Accepted("an uptime beyond 32 bits", Samples.Beacon with { EchoedUptimeMs = 4_294_967_296 + 5 }),
            Accepted("an uptime of 0", Samples.Beacon with { EchoedUptimeMs = 0 }),
        ]),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["message"] = Hex(one.Message) })),
    };

    public override void Verify(JsonElement file)
    {
        var key = Maker.Identity("time");
        foreach (var one in Each(file, "accepted"))
        {
            Assert.True(TimeBeacon.TryParse(Bytes(one, "message"), out var beacon), Why(one));
            Assert.True(beacon.Verify(key));
            Assert.Equal(Bytes(one, "payload"), TimeBeacon.Payload(beacon.Content));
            Assert.Equal(one.GetProperty("time").GetInt64(), beacon.Content.UnixMs);
            Assert.Equal(one.GetProperty("echoedUptimeMs").GetInt64(), beacon.Content.EchoedUptimeMs);
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.False(TimeBeacon.TryParse(Bytes(one, "message"), out var beacon) && beacon.Verify(key), Why(one));
        }
    }

    private static JsonObject Accepted(string why, TimeBeaconContent content) => new()
    {
        ["why"] = why,
        ["time"] = content.UnixMs,
        ["device"] = content.DeviceId.ToString(),
        ["bootId"] = content.BootId.ToString(),
        ["echoedUptimeMs"] = content.EchoedUptimeMs,
        ["payload"] = Hex(TimeBeacon.Payload(content)),
        ["message"] = Hex(Maker.Sign("time", Label, TimeBeacon.Payload(content))),
    };

    private static IEnumerable<(string Why, byte[] Message)> Refused()
    {
        var payload = TimeBeacon.Payload(Samples.Beacon);
        var message = Maker.Sign("time", Label, payload);
        yield return ("empty", []);
        yield return ("a byte cut off", message[..^1]);
        yield return ("a byte after it", [.. message, 0]);
        yield return ("a signature with another last bit", Maker.Flipped(message, -1));
        yield return ("by the server's key", Maker.Sign("server", Label, payload));
        yield return ("with the label of a command", Maker.Sign("time", "messaging/1/command"u8, payload));
        yield return ("suite 2", Maker.Sign("time", Label, Maker.Changed(payload, 1, 2)));
        yield return ("a field more", Maker.Sign("time", Label, [(byte)(payload[0] + 1), .. payload[1..], 0xf6]));
        yield return ("a field less", Maker.Sign("time", Label, [(byte)(payload[0] - 1), .. payload[1..^5]]));
        yield return ("a time beyond the year 9999", Maker.Sign("time", Label, [0x85, 1, 0x1b, 0, 0, 0xe6, 0x77, 0xd2, 0x1f, 0xdc, 0, .. payload[11..]]));
        yield return ("no time", Maker.Sign("time", Label, [0x85, 1, 0xf6, .. payload[11..]]));
    }
}
