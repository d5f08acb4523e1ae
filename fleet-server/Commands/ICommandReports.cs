using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands;

/// <summary>Where the ingest hands over what devices say of commands.</summary>
internal interface ICommandReports
{
    /// <summary>
    /// Applies a report, durable when this returns. Repeating it changes nothing. False when the device has no such command.
    /// </summary>
    Task<bool> ApplyAsync(PrincipalId device, CommandReport report, CancellationToken cancellationToken);

    /// <summary>Whether the device has such a command.</summary>
    Task<bool> KnowsAsync(PrincipalId device, CommandId command, CancellationToken cancellationToken);

    /// <summary>The device opened a new epoch or came back: what waits is sent, and what was sent and not answered is sent again.</summary>
    void DeviceIsBack(PrincipalId device);
}
