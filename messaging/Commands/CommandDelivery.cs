using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>
/// A command as one device gets it: the command itself, or for one of a set [1, index, null | [bootId, uptimeDeadlineMs], [hash...], command]
/// with the proof that the device is in the set. Immutable.
/// </summary>
public sealed class CommandDelivery
{
    /// <summary>The most bytes that a command may have with its signatures.</summary>
    public const int MaxCommandBytes = Command.MaxArgumentBytes + 2048;

    private readonly byte[] _proof;

    private CommandDelivery(Command command, int index, CommandFreshness? freshness, byte[] proof, ReadOnlyMemory<byte> bytes)
    {
        Command = command;
        Index = index;
        Freshness = freshness;
        _proof = proof;
        Bytes = bytes;
    }

    /// <summary>The command.</summary>
    public Command Command { get; }

    /// <summary>The device's place in the set, from 0.</summary>
    public int Index { get; }

    /// <summary>The boot that it is bound to on this device, or null.</summary>
    public CommandFreshness? Freshness { get; }

    /// <summary>The wire form.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A command to one device.</summary>
    public static CommandDelivery Of(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return new CommandDelivery(command, 0, command.Content.Freshness, [], command.Bytes);
    }

    /// <summary>What the member at a place of a set gets.</summary>
    public static CommandDelivery Of(Command command, DeviceSet set, int index)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(set);
        var (freshness, proof) = (set.Members[index].Freshness, set.Proof(index));
        return new CommandDelivery(command, index, freshness, proof, Encode(command.Bytes.Span, index, freshness, proof));
    }

    /// <summary>Reads either form. Whom it is for is checked by <see cref="IsFor"/>, who signed it by the command.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CommandDelivery? delivery)
    {
        delivery = null;
        if (Command.TryParse(data, out var single))
        {
            delivery = single.Content.Target.Kind == CommandTargetKind.Device ? Of(single) : null;
            return delivery is not null;
        }

        var reader = new CborReader(data);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !reader.TryReadInt32(out var index, DeviceSetRoot.MaxSize - 1)
            || !CommandFreshness.TryRead(ref reader, out var freshness)
            || !HashList.TryRead(ref reader, DeviceSetRoot.MaxProof, out var hashes)
            || !reader.TryReadBytes(out var encoded, MaxCommandBytes)
            || !reader.AtEnd
            || !Command.TryParse(encoded, out var command)
            || command.Content.Target.Kind != CommandTargetKind.Set)
        {
            return false;
        }

        var proof = new byte[hashes.Length * WireLimits.HashBytes];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i].CopyTo(proof, i * WireLimits.HashBytes);
        }

        delivery = new CommandDelivery(command, index, freshness, proof, data.ToArray());
        return true;
    }

    /// <summary>True when the command addresses the device: alone, or as a member of its set.</summary>
    public bool IsFor(PrincipalId device) => Command.Content.Target is { Set: { } set }
        ? set.Contains(new SetMember(device, Freshness), Index, _proof)
        : Command.Content.Target.Id == device;

    internal static byte[] Encode(ReadOnlySpan<byte> command, int index, CommandFreshness? freshness, ReadOnlySpan<byte> proof)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(command.Length + proof.Length + 128);
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(5);
        writer.WriteUInt64(1);
        writer.WriteUInt64((ulong)index);
        CommandFreshness.Write(ref writer, freshness);
        writer.WriteArrayHead(proof.Length / WireLimits.HashBytes, DeviceSetRoot.MaxProof);
        for (; !proof.IsEmpty; proof = proof[WireLimits.HashBytes..])
        {
            writer.WriteBytes(proof[..WireLimits.HashBytes]);
        }

        writer.WriteBytes(command);
        return buffer.WrittenSpan.ToArray();
    }
}
