using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands;

/// <summary>Where the ingest hands over what devices say of commands.</summary>
internal interface ICommandReports
{
    /// <summary>
    /// Applies reports, durable when this returns. Repeating them changes nothing.
    /// </summary>
    /// <param name="reports">Of one device, in the order in which it made them.</param>
    /// <returns>How many are of commands that the device does not have.</returns>
    Task<int> ApplyAsync(PrincipalId device, IReadOnlyList<CommandReport> reports, CancellationToken cancellationToken);

    /// <summary>Whether the device has such a command.</summary>
    Task<bool> KnowsAsync(PrincipalId device, CommandId command, CancellationToken cancellationToken);

    /// <summary>The device opened a new epoch or came back: what waits is sent, and what was sent and not answered is sent again.</summary>
    void DeviceIsBack(PrincipalId device);
}
