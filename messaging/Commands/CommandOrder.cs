using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>
/// What people hand to a server: a signed command and, for a set, its members: [1, command, [member...]]. Each member is
/// [deviceId, null | [bootId, uptimeDeadlineMs]], by device id ascending; for one device there are none. Immutable.
/// </summary>
public sealed class CommandOrder
{
    /// <summary>The most bytes that an order may have.</summary>
    public const int MaxBytes = CommandDelivery.MaxCommandBytes + (MaxMembers * 48) + 16;

    /// <summary>The most devices that a server takes in one order.</summary>
    public const int MaxMembers = 100_000;

    private CommandOrder(Command command, DeviceSet? set)
    {
        Command = command;
        Set = set;
    }

    /// <summary>The command.</summary>
    public Command Command { get; }

    /// <summary>Those whom it addresses; null: one device.</summary>
    public DeviceSet? Set { get; }

    /// <summary>An order.</summary>
    /// <exception cref="ArgumentException">The set is not the one that the command addresses.</exception>
    public static CommandOrder Of(Command command, DeviceSet? set)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Fits(command, set)
            ? new CommandOrder(command, set)
            : throw new ArgumentException("The command addresses other devices.", nameof(set));
    }

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (order, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        writer.WriteBytes(order.Command.Bytes.Span);
        writer.WriteArrayHead(order.Set?.Members.Count ?? 0, MaxMembers);
        foreach (var member in order.Set?.Members ?? [])
        {
            member.Write(ref writer);
        }
    });

    /// <summary>Reads the wire form. The members are those whom the command addresses; who signed it is checked elsewhere.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CommandOrder? order)
    {
        order = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadExpected(1)
            || !reader.TryReadBytes(out var encoded, CommandDelivery.MaxCommandBytes)
            || !Command.TryParse(encoded, out var command)
            || !reader.TryReadArrayHead(out var count, MaxMembers))
        {
            return false;
        }

        var members = new List<SetMember>(count);
        for (var i = 0; i < count; i++)
        {
            if (!SetMember.TryRead(ref reader, out var member) || (i > 0 && member!.Device <= members[i - 1].Device))
            {
                return false;
            }

            members.Add(member!);
        }

        var set = count == 0 ? null : new DeviceSet(members);
        order = reader.AtEnd && Fits(command, set) ? new CommandOrder(command, set) : null;
        return order is not null;
    }

    private static bool Fits(Command command, DeviceSet? set) =>
        set is null ? command.Content.Target.Kind == CommandTargetKind.Device : set.Root.Equals(command.Content.Target.Set);
}
