using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

/// <summary>Roots, rosters and notices by themselves, and what a device makes of bundles of them, one after the other.</summary>
internal sealed class TrustFile : VectorDocument
{
    private static readonly string[] RootKey = ["root"];
    private static readonly string[] OwnerKey = ["owner"];

    public override string Name => "trust.json";

    /// <summary>The samples' bundle, the same bytes each time.</summary>
    public static byte[] Sample() => Bundle(
        [Root(Samples.FleetRoot, RootKey)], Signed("messaging/1/roster"u8, Roster.Payload(Samples.Roster), OwnerKey), Notice(Samples.Notice, "server"));

    public override JsonObject Build() => new()
    {
        ["description"] = "Documents, and devices: each begins with the fingerprint of a root and takes bundles one after the other. After each, the verdict and what it trusts then.",
        ["roots"] = Array([
            Document("one key each", FleetRoot.Payload(Samples.FleetRoot), Root(Samples.FleetRoot, RootKey)),
            Document("two of three roots, one of two owners", FleetRoot.Payload(Large), Root(Large, ["root", "root-next"])),
        ]),
        ["refusedRoots"] = Array(RefusedRoots().Select(static one => new JsonObject { ["why"] = one.Why, ["payload"] = Hex(one.Payload) })),
        ["rosters"] = Array([
            Document("principals with and without an end, rules, a home", Roster.Payload(Samples.Roster), Signed("messaging/1/roster"u8, Roster.Payload(Samples.Roster), OwnerKey)),
            Document("a rule whose shells are recorded", Roster.Payload(Recorded), Signed("messaging/1/roster"u8, Roster.Payload(Recorded), OwnerKey)),
            Document("nobody and nothing", Roster.Payload(Nobody), Signed("messaging/1/roster"u8, Roster.Payload(Nobody), OwnerKey)),
        ]),
        ["refusedRosters"] = Array(RefusedRosters().Select(static one => new JsonObject { ["why"] = one.Why, ["payload"] = Hex(one.Payload) })),
        ["notices"] = Array([
            Document("one key, an endpoint, a pin", ServerNotice.Payload(Samples.Notice), Notice(Samples.Notice, "server")),
        ]),
        ["refusedNotices"] = Array(RefusedNotices().Select(static one => new JsonObject { ["why"] = one.Why, ["payload"] = Hex(one.Payload) })),
        ["devices"] = Array(TrustScenarios.All.Select(Device)),
    };

    public override void Verify(JsonElement file)
    {
        foreach (var one in Each(file, "roots"))
        {
            Assert.True(FleetRoot.TryRead(Bytes(one, "message"), out var root), Why(one));
            Assert.Equal(Bytes(one, "payload"), FleetRoot.Payload(root.Content));
            Assert.Equal(Bytes(one, "fingerprint"), root.Fingerprint.ToArray());
            Assert.True(root.IsSignedBy(root.Content.Root));
        }

        foreach (var one in Each(file, "rosters"))
        {
            Assert.True(Roster.TryRead(Bytes(one, "message"), out var roster), Why(one));
            Assert.Equal(Bytes(one, "payload"), Roster.Payload(roster.Content));
            Assert.True(roster.IsSignedBy(Samples.FleetRoot.Owner));
        }

        foreach (var one in Each(file, "notices"))
        {
            Assert.True(ServerNotice.TryRead(Bytes(one, "message"), out var notice), Why(one));
            Assert.Equal(Bytes(one, "payload"), ServerNotice.Payload(notice.Content));
            Assert.True(notice.IsSignedBy(Samples.Server.Public));
        }

        Assert.All(Each(file, "refusedRoots"), static one => Assert.False(FleetRoot.TryReadPayload(Bytes(one, "payload"), out _), Why(one)));
        Assert.All(Each(file, "refusedRosters"), static one => Assert.False(Roster.TryReadPayload(Bytes(one, "payload"), out _), Why(one)));
        Assert.All(Each(file, "refusedNotices"), static one => Assert.False(ServerNotice.TryReadPayload(Bytes(one, "payload"), out _), Why(one)));
        foreach (var device in Each(file, "devices"))
        {
            FleetTrust? trust = null;
            foreach (var step in Each(device, "steps"))
            {
                var bundle = Bytes(step, "bundle");
                var verdict = trust is null ? FleetTrust.Begin(bundle, Bytes(device, "fingerprint"), out trust) : trust.Next(bundle, out trust);
                Assert.Equal($"{Why(device)}: {step.GetProperty("verdict").GetString()}", $"{Why(device)}: {verdict}");
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(step.GetProperty("trusts").GetRawText()), Trusts(trust)), $"{Why(device)}: {Why(step)}");
            }
        }
    }

    internal static byte[] Root(RootContent content, string[] keys) => Signed("messaging/1/root"u8, FleetRoot.Payload(content), keys);

    internal static byte[] Signed(ReadOnlySpan<byte> label, ReadOnlySpan<byte> payload, string[] keys) => Maker.SignAll(keys, label, payload);

    internal static byte[] Notice(NoticeContent content, string key) => Signed("messaging/1/notice"u8, ServerNotice.Payload(content), [key]);

    internal static byte[] Bundle(IReadOnlyList<byte[]> roots, byte[] roster, byte[] notice)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(4);
        writer.WriteUInt64(1);
        writer.WriteArrayHead(roots.Count);
        foreach (var root in roots)
        {
            writer.WriteBytes(root);
        }

        writer.WriteBytes(roster);
        writer.WriteBytes(notice);
        return buffer.WrittenSpan.ToArray();
    }

    private static RootContent Large { get; } = Samples.FleetRoot with
    {
        Version = 3,
        Root = new KeyRole(2, Maker.Identity("root"), Maker.Identity("root-next"), Maker.Identity("device")),
        Owner = new KeyRole(1, Maker.Identity("owner"), Maker.Identity("owner-2")),
    };

    private static RosterContent Nobody { get; } = new(Samples.ServerId, 0, 0, 0, null, [], Policy.Default, []);

    private static RosterContent Recorded { get; } = Nobody with
    {
        Policy = new Policy([new PolicyRule(["shell"], ["operator"], 1, []) { Recorders = [Samples.ServerHpke.Public, Samples.DeviceHpke.Public] }]),
    };

    private static JsonObject Document(string why, byte[] payload, byte[] message) => new()
    {
        ["why"] = why,
        ["payload"] = Hex(payload),
        ["fingerprint"] = Hex(System.Security.Cryptography.SHA256.HashData(payload)),
        ["message"] = Hex(message),
    };

    private static JsonObject Device(TrustScenario scenario)
    {
        FleetTrust? trust = null;
        var steps = new List<JsonObject>();
        foreach (var (why, bundle) in scenario.Steps)
        {
            var verdict = trust is null ? FleetTrust.Begin(bundle, scenario.Fingerprint, out trust) : trust.Next(bundle, out trust);
            steps.Add(new JsonObject { ["why"] = why, ["bundle"] = Hex(bundle), ["verdict"] = verdict.ToString(), ["trusts"] = Trusts(trust) });
        }

        return new JsonObject { ["why"] = scenario.Why, ["fingerprint"] = Hex(scenario.Fingerprint), ["steps"] = Array(steps) };
    }

    private static JsonObject? Trusts(FleetTrust? trust) => trust is null ? null : new JsonObject
    {
        ["root"] = trust.Root.Version.ToString(),
        ["roster"] = trust.Roster.Version.ToString(),
        ["server"] = trust.Server.Id.ToString(),
        ["notice"] = trust.Notice.Number.ToString(),
    };

    private static IEnumerable<(string Why, byte[] Payload)> RefusedRoots()
    {
        var good = FleetRoot.Payload(Samples.FleetRoot);
        yield return ("version 2 of the structure", Maker.Changed(good, 1, 2));
        yield return ("version 0", FleetRoot.Payload(Samples.FleetRoot with { Version = 0 }));
        yield return ("a key off the curve", Maker.Flipped(good, -1));
        yield return ("a threshold of 0", Maker.Changed(good, good.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x82, 0x01, 0x81]) + 1, 0));
        yield return ("a threshold above the number of keys", Maker.Changed(good, good.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x82, 0x01, 0x81]) + 1, 2));
        yield return ("cut", good[..^1]);
        var large = FleetRoot.Payload(Large);
        var keys = large.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x82, 0x02, 0x83]) + 3;
        yield return ("keys out of order", [.. large[..keys], .. large[(keys + 67)..(keys + 134)], .. large[keys..(keys + 67)], .. large[(keys + 134)..]]);
        yield return ("a key twice", [.. large[..keys], .. large[keys..(keys + 67)], .. large[keys..(keys + 67)], .. large[(keys + 134)..]]);
    }

    private static IEnumerable<(string Why, byte[] Payload)> RefusedRosters()
    {
        var good = Roster.Payload(Samples.Roster);
        var one = Samples.Roster.Principals[0];
        yield return ("version 1 of the structure", Maker.Changed(good, 1, 1));
        yield return ("a principal twice", Roster.Payload(Samples.Roster with { Principals = [one, one] }));
        yield return ("an identity key off the curve", Maker.Flipped(good, good.AsSpan().IndexOf(Samples.Server.Public.Point) + 64));
        yield return ("an HPKE key off the curve", Maker.Flipped(good, good.AsSpan().IndexOf(Samples.DeviceHpke.Public.Point) + 64));
        yield return ("a rule for 0 signatures", Rule(1, 0));
        yield return ("a rule for 9 signatures", Rule(1, 9));
        yield return ("a rule that records for nobody", Recorders([0x80]));
        yield return ("a rule that records for one twice", Recorders([0x82, .. Point(Samples.ServerHpke), .. Point(Samples.ServerHpke)]));
        yield return ("a rule that records for a key off the curve", Recorders([0x81, .. Maker.Flipped(Point(Samples.ServerHpke), -1)]));
        yield return ("a rule of six fields", Recorders([0x81, .. Point(Samples.ServerHpke), 0x80], fields: 0x86));
        yield return ("a window on no day", Window([0x00, 0x00, 0x01]));
        yield return ("a window on an eighth day", Window([0x18, 0x80, 0x00, 0x01]));
        yield return ("a window that begins at minute 1440", Window([0x01, 0x19, 0x05, 0xa0, 0x01]));
        yield return ("a window of no length", Window([0x01, 0x00, 0x00]));
        yield return ("a window of more than a day", Window([0x01, 0x00, 0x19, 0x05, 0xa1]));
        yield return ("cut", good[..^1]);

        static byte[] Rule(int times, byte signatures)
        {
            var payload = Roster.Payload(Nobody with { Policy = new Policy([.. Enumerable.Repeat(new PolicyRule([], [], 1, []), times)]) });
            return Maker.Changed(payload, payload.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x84, 0x80, 0x80, 0x01, 0x80]) + 3, signatures);
        }

        static byte[] Point(HpkeKeyPair key) => [0x58, 65, .. key.Public.Point];

        static byte[] Recorders(byte[] recorders, byte fields = 0x85)
        {
            var payload = Roster.Payload(Nobody with { Policy = new Policy([new PolicyRule([], [], 1, [])]) });
            var at = payload.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x84, 0x80, 0x80, 0x01, 0x80]);
            return [.. payload[..at], fields, .. payload[(at + 1)..(at + 5)], .. recorders, .. payload[(at + 5)..]];
        }

        static byte[] Window(byte[] window)
        {
            var payload = Roster.Payload(Nobody with { Policy = new Policy([new PolicyRule([], [], 1, [new MaintenanceWindow(1, 2, 3)])]) });
            var at = payload.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x83, 0x01, 0x02, 0x03]);
            return [.. payload[..(at + 1)], .. window, .. payload[(at + 4)..]];
        }
    }

    private static IEnumerable<(string Why, byte[] Payload)> RefusedNotices()
    {
        var good = ServerNotice.Payload(Samples.Notice);
        yield return ("version 2 of the structure", Maker.Changed(good, 1, 2));
        yield return ("no key", ServerNotice.Payload(Samples.Notice with { HpkeKeys = [] }));
        yield return ("a key off the curve", Maker.Flipped(good, good.AsSpan().IndexOf(Samples.ServerHpke.Public.Point) + 64));
        yield return ("a pin of 31 bytes", [.. good[..^34], 0x58, 31, .. good[^31..]]);
        yield return ("cut", good[..^1]);
    }
}
