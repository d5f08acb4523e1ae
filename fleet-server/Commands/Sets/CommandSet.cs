using Messaging.Commands;

namespace Messaging.FleetServer.Commands;

/// <summary>What all rows of a command to a set share. Immutable.</summary>
/// <param name="ArgsJson">The arguments as the API shows them, JSON.</param>
/// <param name="Args">The arguments as devices get them, CBOR.</param>
/// <param name="Command">The command that was signed for all.</param>
/// <param name="Members">Whom it addresses.</param>
/// <param name="IsForeign">Another key than this server's has signed it.</param>
internal sealed record CommandSet(string ArgsJson, ReadOnlyMemory<byte> Args, Command Command, DeviceSet Members, bool IsForeign)
{
    public static CommandSet Of(CommandSetEntity entity) =>
        CommandOrder.TryDecode(entity.Order, out var order) && order.Set is { } members
            ? new CommandSet(entity.ArgsJson, order.Command.Content.Arguments, order.Command, members, entity.IssuerId is not null)
            : throw new InvalidDataException($"The stored members of command {entity.Id} cannot be read.");
}
