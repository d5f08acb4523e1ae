using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>Whom a command addresses: [0, deviceId, rosterVersion] or [1, root, size, rosterVersion].</summary>
/// <param name="Kind">A device or a set.</param>
/// <param name="Id">The device; of a set none.</param>
/// <param name="RosterVersion">The roster that the issuer knew.</param>
/// <param name="Set">The set; of a device null.</param>
public readonly record struct CommandTarget(CommandTargetKind Kind, PrincipalId Id, ulong RosterVersion, DeviceSetRoot? Set = null)
{
    /// <summary>The devices of a set.</summary>
    public static CommandTarget Of(DeviceSetRoot set, ulong rosterVersion) => new(CommandTargetKind.Set, default, rosterVersion, set);
}
