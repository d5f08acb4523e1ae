using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Commands;
using Messaging.Fuzz;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class CommandFile : VectorDocument
{
    private static readonly byte[] Label = "messaging/1/command"u8.ToArray();

    public override string Name => "command.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Commands by the key server. Whether a device runs one is decided after this: target, role, sequence, time.",
        ["accepted"] = Array([
            Accepted("ping, no freshness", Samples.Command with { Freshness = null, Type = CommandTypes.Ping, Arguments = EmptyArguments.Encode() }),
            Accepted("set-intervals, bound to a boot", Samples.Command),
            Accepted("run-script for a set, not idempotent, a dry run", Samples.Command with
            {
                Target = Messaging.Commands.CommandTarget.Of(Set.Root, 3),
                Freshness = null,
                Idempotent = false,
                DryRun = true,
                Type = CommandTypes.RunScript,
                Arguments = new RunScriptArguments("backup", ["--all", ""]).Encode(),
            }),
            Accepted("a type that nobody knows", Samples.Command with { Type = "com.example.blink", Arguments = new byte[] { 0xff } }),
        ]),
        ["joint"] = Array([
            new JsonObject
            {
                ["why"] = "signed by the keys server and device",
                ["payload"] = Hex(Command.Payload(Samples.Command)),
                ["message"] = Hex(Maker.SignAll(["server", "device"], Label, Command.Payload(Samples.Command))),
            },
        ]),
        ["sets"] = Array([SetOf(1), SetOf(2), SetOf(5), SetOf(7)]),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["message"] = Hex(one.Message) })),
    };

    public override void Verify(JsonElement file)
    {
        var server = Maker.Identity("server");
        foreach (var one in Each(file, "accepted"))
        {
            Assert.True(Command.TryParse(Bytes(one, "message"), out var command), Why(one));
            Assert.True(command.Verify(server));
            Assert.Equal(Bytes(one, "payload"), Command.Payload(command.Content));
            Assert.Equal(one.GetProperty("type").GetString(), command.Content.Type);
            Assert.Equal(one.GetProperty("cmdId").GetString(), command.Content.Id.ToString());
            Assert.Equal(Bytes(one, "args"), command.Content.Arguments.ToArray());
        }

        foreach (var one in Each(file, "joint"))
        {
            Assert.True(Command.TryParse(Bytes(one, "message"), out var command), Why(one));
            Assert.True(command.Signatures == 2 && command.Verify(server) && command.Verify(Maker.Identity("device")));
            Assert.Equal(Bytes(one, "payload"), Command.Payload(command.Content));
        }

        foreach (var set in Each(file, "sets"))
        {
            Assert.True(CommandOrder.TryDecode(Bytes(set, "order"), out var order));
            Assert.Equal(Bytes(set, "root"), order.Set!.Root.Hash.ToArray());
            Assert.Equal(Bytes(set, "command"), order.Command.Bytes.ToArray());
            foreach (var (index, member) in Each(set, "members").Index())
            {
                Assert.Equal(Bytes(member, "proof"), order.Set.Proof(index));
                Assert.True(CommandDelivery.TryParse(Bytes(member, "delivery"), out var delivery));
                Assert.True(delivery.IsFor(PrincipalId.Parse(member.GetProperty("device").GetString()!)));
                Assert.Equal(member.GetProperty("freshness").ValueKind == JsonValueKind.Null, delivery.Freshness is null);
            }
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.False(Command.TryParse(Bytes(one, "message"), out var command) && command.Verify(server), Why(one));
        }
    }

    private static DeviceSet Set => new(Members(3));

    private static IEnumerable<SetMember> Members(int count) => Enumerable.Range(0, count).Select(static i => new SetMember(
        PrincipalId.TryRead(Samples.Bytes(16, (byte)(0xf0 - (i * 16))), out var id) ? id : default,
        i == 1 ? new CommandFreshness(Samples.Boot(0x21), 600_000) : null));

    /// <summary>The members by device id, each with what it gets.</summary>
    private static JsonObject SetOf(int count)
    {
        var set = new DeviceSet(Members(count));
        var content = Samples.Command with { Target = Messaging.Commands.CommandTarget.Of(set.Root, 3), Freshness = null };
        Assert.True(Command.TryParse(Maker.Sign("server", Label, Command.Payload(content)), out var command));
        return new JsonObject
        {
            ["root"] = Hex(set.Root.Hash),
            ["command"] = Hex(command.Bytes.Span),
            ["order"] = Hex(CommandOrder.Of(command, set).Encode()),
            ["members"] = Array(set.Members.Select((member, index) => new JsonObject
            {
                ["device"] = member.Device.ToString(),
                ["freshness"] = Json(member.Freshness),
                ["proof"] = Hex(set.Proof(index)),
                ["delivery"] = Hex(CommandDelivery.Of(command, set, index).Bytes.Span),
            })),
        };
    }

    private static JsonObject? Json(CommandFreshness? freshness) => freshness is { } bound
        ? new JsonObject { ["bootId"] = bound.BootId.ToString(), ["uptimeDeadlineMs"] = bound.UptimeDeadlineMs.ToString() }
        : null;

    private static JsonObject Accepted(string why, CommandContent content)
    {
        var payload = Command.Payload(content);
        return new JsonObject
        {
            ["why"] = why,
            ["cmdId"] = content.Id.ToString(),
            ["issuerId"] = content.IssuerId.ToString(),
            ["issuerSeq"] = content.IssuerSeq.ToString(),
            ["target"] = content.Target.Set is { } set
                ? new JsonObject { ["kind"] = 1, ["root"] = set.ToString(), ["size"] = set.Size, ["rosterVersion"] = content.Target.RosterVersion.ToString() }
                : new JsonObject { ["kind"] = 0, ["id"] = content.Target.Id.ToString(), ["rosterVersion"] = content.Target.RosterVersion.ToString() },
            ["issuedAt"] = content.IssuedAtUnixMs,
            ["expiresAt"] = content.ExpiresAtUnixMs,
            ["freshness"] = Json(content.Freshness),
            ["idempotent"] = content.Idempotent,
            ["dryRun"] = content.DryRun,
            ["type"] = content.Type,
            ["args"] = Hex(content.Arguments.Span),
            ["payload"] = Hex(payload),
            ["message"] = Hex(Maker.Sign("server", Label, payload)),
        };
    }

    private static IEnumerable<(string Why, byte[] Message)> Refused()
    {
        // 8c 01 50 cmdId(16) 50 issuerId(16) 09 83 00 50 target(16) 03 1b issuedAt(8) 1b expiresAt(8) 82 50 boot(16) 1a ms(4) f5 f4 6d type args
        var payload = Command.Payload(Samples.Command);
        var good = Maker.Sign("server", Label, payload);
        Assert.Equal((0x09, 0x83, 0x1b), (payload[36], payload[37], payload[66]));
        yield return ("signature changed", Maker.Flipped(good, -1));
        yield return ("type changed", Maker.Flipped(good, good.AsSpan().IndexOf("set-intervals"u8)));
        yield return ("signed by another key", Maker.Sign("device", Label, payload));
        yield return ("signed as an epoch", Maker.Sign("server", "messaging/1/epoch"u8, payload));
        yield return ("a byte after it", [.. good, 0]);
        yield return ("suite 2", Maker.Sign("server", Label, Maker.Changed(payload, 1, 2)));
        yield return ("target of kind 2", Maker.Sign("server", Label, Maker.Changed(payload, 38, 2)));
        yield return ("thirteen fields", Maker.Sign("server", Label, [0x8d, .. payload[1..], 0xf6]));
        yield return ("a set with the fields of a device", Maker.Sign("server", Label, Maker.Changed(payload, 38, 1)));
        yield return ("a byte after the payload", Maker.Sign("server", Label, [.. payload, 0]));
        yield return ("issuerSeq not in shortest form", Maker.Sign("server", Label, [.. payload[..36], 0x18, 9, .. payload[37..]]));
        yield return ("an expiry after the year 9999", Maker.Sign("server", Label, Maker.Changed(payload, 67, 1)));
        yield return ("idempotent as a number", Maker.Sign("server", Label, Maker.Changed(payload, payload.AsSpan().IndexOf("set-intervals"u8) - 3, 1)));
        yield return ("dryRun as a number", Maker.Sign("server", Label, Maker.Changed(payload, payload.AsSpan().IndexOf("set-intervals"u8) - 2, 1)));
        yield return ("a type of 65 bytes", Maker.Sign("server", Label, LongType(payload)));
    }

    private static byte[] LongType(byte[] payload)
    {
        var at = payload.AsSpan().IndexOf("set-intervals"u8);
        return [.. payload[..(at - 1)], 0x78, 65, .. Samples.Bytes(65, (byte)'x'), .. payload[(at + "set-intervals".Length)..]];
    }
}
