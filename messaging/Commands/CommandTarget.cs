using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>Whom a command addresses: [kind, id, rosterVersion].</summary>
/// <param name="Kind">A device or a group.</param>
/// <param name="Id">The device or the group.</param>
/// <param name="RosterVersion">The roster that the issuer knew; a device that knows an older one fetches it first.</param>
public readonly record struct CommandTarget(CommandTargetKind Kind, PrincipalId Id, ulong RosterVersion);
