using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>Binds a command to one boot of the device, which needs no clock: [bootId, uptimeDeadlineMs].</summary>
/// <param name="BootId">The boot in which the command may run.</param>
/// <param name="UptimeDeadlineMs">Until when it may start, in milliseconds since that boot.</param>
public readonly record struct CommandFreshness(BootId BootId, ulong UptimeDeadlineMs);
