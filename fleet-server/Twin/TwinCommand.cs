using Messaging.FleetServer.Commands;
using Messaging.Twin;

namespace Messaging.FleetServer.Twin;

/// <summary>A <c>desired-set</c> of a device.</summary>
internal sealed record TwinCommand(
    string Id, long Ordinal, DesiredState State, CommandState CommandState, string? SignedBy, string CreatedBy, DateTimeOffset CreatedAt, string Message)
{
    /// <summary>The device will not take it any more.</summary>
    public bool IsLost => CommandState.IsFinal() && CommandState != CommandState.Done;
}
