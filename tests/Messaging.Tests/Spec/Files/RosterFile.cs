using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Fuzz;
using Messaging.Rosters;

namespace Messaging.Tests.Spec.Files;

internal sealed class RosterFile : VectorDocument
{
    private static readonly byte[] Label = "messaging/1/roster"u8.ToArray();

    public override string Name => "roster.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Rosters by the key root, checked with its fingerprint.",
        ["rootFingerprint"] = Hex(Maker.Identity("root").Fingerprint),
        ["accepted"] = Array([
            Accepted("a server, an endpoint, a pin", Samples.Roster),
            Accepted("nobody", Samples.Roster with { Principals = [], Endpoints = [], TlsPins = [] }),
            Accepted("former HPKE keys, several roles", Samples.Roster with
            {
                Version = 4,
                Principals = [Samples.Roster.Principals[0] with { HpkeKeys = [Samples.DeviceHpke.Public, Samples.ServerHpke.Public], Roles = [Roles.Server, Roles.Operator] }],
            }),
        ]),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["message"] = Hex(one.Message) })),
    };

    public override void Verify(JsonElement file)
    {
        var fingerprint = Bytes(file, "rootFingerprint");
        foreach (var one in Each(file, "accepted"))
        {
            Assert.True(Roster.TryVerify(Bytes(one, "message"), fingerprint, out var roster), Why(one));
            Assert.Equal(Bytes(one, "payload"), Roster.Payload(roster.Root, roster.Content));
            Assert.Equal(one.GetProperty("version").GetString(), roster.Content.Version.ToString());
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.False(Roster.TryVerify(Bytes(one, "message"), fingerprint, out _), Why(one));
        }
    }

    private static JsonObject Accepted(string why, RosterContent content)
    {
        var payload = Roster.Payload(Samples.Root.Public, content);
        return new JsonObject
        {
            ["why"] = why,
            ["fleetId"] = content.FleetId.ToString(),
            ["version"] = content.Version.ToString(),
            ["issuedAt"] = content.IssuedAtUnixMs,
            ["principals"] = Array(content.Principals.Select(static principal => new JsonObject
            {
                ["id"] = principal.Id.ToString(),
                ["identityPoint"] = Hex(principal.Identity.Point),
                ["hpkePoints"] = new JsonArray([.. principal.HpkeKeys.Select(static key => JsonValue.Create(Hex(key.Point)))]),
                ["roles"] = new JsonArray([.. principal.Roles.Select(static role => JsonValue.Create(role))]),
            })),
            ["endpoints"] = new JsonArray([.. content.Endpoints.Select(static endpoint => JsonValue.Create(endpoint))]),
            ["tlsPins"] = new JsonArray([.. content.TlsPins.Select(static pin => JsonValue.Create(Hex(pin)))]),
            ["payload"] = Hex(payload),
            ["message"] = Hex(Maker.Sign("root", Label, payload)),
        };
    }

    private static IEnumerable<(string Why, byte[] Message)> Refused()
    {
        var payload = Roster.Payload(Samples.Root.Public, Samples.Roster);
        var good = Maker.Sign("root", Label, payload);
        var one = Samples.Roster.Principals[0];
        yield return ("signature changed", Maker.Flipped(good, -1));
        yield return ("signed by another key than it names", Maker.Sign("server", Label, payload));
        yield return ("another root than the pinned one", Maker.Sign("server", Label, Roster.Payload(Samples.Server.Public, Samples.Roster)));
        yield return ("signed as a command", Maker.Sign("root", "messaging/1/command"u8, payload));
        yield return ("a principal twice", Maker.Sign("root", Label, Roster.Payload(Samples.Root.Public, Samples.Roster with { Principals = [one, one] })));
        yield return ("an HPKE key off the curve", Maker.Sign("root", Label, Maker.Flipped(payload, payload.AsSpan().IndexOf(Samples.ServerHpke.Public.Point) + 64)));
        yield return ("an identity key off the curve", Maker.Sign("root", Label, Maker.Flipped(payload, payload.AsSpan().IndexOf(Samples.Server.Public.Point) + 64)));
        yield return ("version 2 of the structure", Maker.Sign("root", Label, Maker.Changed(payload, 1, 2)));
        yield return ("a pin of 31 bytes", Maker.Sign("root", Label, [.. payload[..^34], 0x58, 31, .. payload[^31..]]));
    }
}
