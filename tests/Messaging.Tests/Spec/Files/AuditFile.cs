using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Audit;
using Messaging.Fuzz;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class AuditFile : VectorDocument
{
    private static readonly byte[] CheckpointLabel = "messaging/1/audit-checkpoint"u8.ToArray();
    private static readonly byte[] ExecutionsLabel = "messaging/1/executions"u8.ToArray();

    public override string Name => "audit.json";

    /// <summary>One command, of which something was recorded.</summary>
    private static ExecutionBatch Recorded { get; } = new()
    {
        Device = Samples.Executions.Device,
        Chain = Samples.Executions.Chain,
        First = Samples.Executions.First,
        Previous = Samples.Executions.Previous,
        Entries = [new Execution
        {
            CommandId = Samples.Command.Id,
            Digest = Samples.Execution.Digest,
            Issuer = Samples.Execution.Issuer,
            Type = "shell",
            State = Messaging.Commands.CommandState.Done,
            UnixMs = 1_795_000_000_000,
            Recording = Samples.Bytes(32, 0x66),
        }],
        Witnessed = [],
    };

    public override JsonObject Build()
    {
        var entry = Samples.LoggedEntry;
        var checkpoint = LogCheckpoint.Payload(Samples.DeviceId, Samples.Chain, 2, entry.Hash(), 1_795_000_000_000);
        return new()
        {
            ["description"] = "An entry of a log as it is hashed, a checkpoint by the key server, a record's batch by the key device.",
            ["entry"] = new JsonObject
            {
                ["log"] = Samples.Chain.ToString(),
                ["number"] = entry.Number,
                ["previous"] = Hex(entry.Previous),
                ["time"] = entry.UnixMs,
                ["texts"] = new JsonArray(entry.ActorKind, entry.ActorId, entry.Actor, entry.Action, entry.Target, entry.Outcome, entry.Address, entry.Details),
                ["bytes"] = Hex(entry.Encode()),
                ["hash"] = Hex(entry.Hash()),
            },
            ["checkpoint"] = new JsonObject { ["payload"] = Hex(checkpoint), ["message"] = Hex(Maker.Sign("server", CheckpointLabel, checkpoint)) },
            ["executions"] = new JsonObject
            {
                ["command"] = Samples.Command.Id.ToString(),
                ["digest"] = Hex(Samples.Execution.Digest),
                ["payload"] = Hex(Samples.Executions.Payload()),
                ["message"] = Hex(Maker.Sign("device", ExecutionsLabel, Samples.Executions.Payload())),
                ["hashes"] = new JsonArray([.. Samples.Executions.Hashes().Select(static hash => (JsonNode)Hex(hash))]),
            },
            ["recorded"] = new JsonObject
            {
                ["recording"] = Hex(Samples.Bytes(32, 0x66)),
                ["payload"] = Hex(Recorded.Payload()),
                ["message"] = Hex(Maker.Sign("device", ExecutionsLabel, Recorded.Payload())),
                ["hashes"] = new JsonArray([.. Recorded.Hashes().Select(static hash => (JsonNode)Hex(hash))]),
            },
            ["refused"] = Array(Refused(checkpoint).Select(static one => new JsonObject { ["why"] = one.Why, ["kind"] = one.Kind, ["message"] = Hex(one.Message) })),
        };
    }

    public override void Verify(JsonElement file)
    {
        var entry = file.GetProperty("entry");
        Assert.Equal(Bytes(entry, "bytes"), Samples.LoggedEntry.Encode());
        Assert.Equal(Bytes(entry, "hash"), System.Security.Cryptography.SHA256.HashData(Bytes(entry, "bytes")));
        Assert.True(LogCheckpoint.TryRead(Bytes(file.GetProperty("checkpoint"), "message"), out var checkpoint) && checkpoint.IsSignedBy(Maker.Identity("server")));
        Assert.Equal(Bytes(entry, "hash"), checkpoint.Hash);
        var executions = file.GetProperty("executions");
        Assert.True(ExecutionBatch.TryRead(Bytes(executions, "message"), out var batch) && batch.IsSignedBy(Maker.Identity("device")));
        Assert.Equal(executions.GetProperty("hashes").EnumerateArray().Select(static hash => hash.GetString()), batch.Hashes().Select(static hash => Hex(hash)));
        Assert.Equal(Bytes(executions, "digest"), Execution.DigestOf(Samples.Command));
        var recorded = file.GetProperty("recorded");
        Assert.True(ExecutionBatch.TryRead(Bytes(recorded, "message"), out var shell) && shell.IsSignedBy(Maker.Identity("device")));
        Assert.Equal(Bytes(recorded, "recording"), Assert.Single(shell.Entries).Recording);
        Assert.Equal(recorded.GetProperty("hashes").EnumerateArray().Select(static hash => hash.GetString()), shell.Hashes().Select(static hash => Hex(hash)));
        foreach (var one in Each(file, "refused"))
        {
            var message = Bytes(one, "message");
            Assert.False(
                one.GetProperty("kind").GetString() == "checkpoint"
                    ? LogCheckpoint.TryRead(message, out var read) && read.IsSignedBy(Maker.Identity("server"))
                    : ExecutionBatch.TryRead(message, out var other) && other.IsSignedBy(Maker.Identity("device")),
                Why(one));
        }
    }

    private static IEnumerable<(string Why, string Kind, byte[] Message)> Refused(byte[] checkpoint)
    {
        var message = Maker.Sign("server", CheckpointLabel, checkpoint);
        yield return ("a byte cut off", "checkpoint", message[..^1]);
        yield return ("a byte after it", "checkpoint", [.. message, 0]);
        yield return ("a signature with another last bit", "checkpoint", Maker.Flipped(message, -1));
        yield return ("with the label of a record", "checkpoint", Maker.Sign("server", ExecutionsLabel, checkpoint));
        yield return ("by the device", "checkpoint", Maker.Sign("device", CheckpointLabel, checkpoint));
        yield return ("version 2", "checkpoint", Maker.Sign("server", CheckpointLabel, Maker.Changed(checkpoint, 1, 2)));
        yield return ("number 0", "checkpoint", Maker.Sign("server", CheckpointLabel, Maker.Changed(checkpoint, 36, 0)));
        var executions = Samples.Executions.Payload();
        yield return ("a byte cut off", "executions", Maker.Sign("device", ExecutionsLabel, executions)[..^1]);
        yield return ("with the label of a checkpoint", "executions", Maker.Sign("device", CheckpointLabel, executions));
        yield return ("by the server", "executions", Maker.Sign("server", ExecutionsLabel, executions));
        yield return ("a payload cut off", "executions", Maker.Sign("device", ExecutionsLabel, executions.AsSpan(0, executions.Length - 1)));
        var recorded = Recorded.Payload();
        yield return ("a recording's hash of 31 bytes", "executions", Maker.Sign("device", ExecutionsLabel, ShortHash(recorded)));
        yield return ("first is 0", "executions", Maker.Sign("device", ExecutionsLabel, Maker.Changed(executions, 36, 0)));
    }

    /// <summary>The execution stands before an empty list and a null.</summary>
    private static byte[] ShortHash(byte[] payload) => [.. payload[..^36], 0x58, 31, .. payload[^33..^2], .. payload[^2..]];
}
