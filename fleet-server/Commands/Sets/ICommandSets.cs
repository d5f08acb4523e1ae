using Messaging.Commands;

namespace Messaging.FleetServer.Commands;

/// <summary>Commands to many devices by one signature.</summary>
internal interface ICommandSets
{
    /// <summary>Has this server sign a command for many devices. When this returns one, it is durable and on its way.</summary>
    Task<CommandSetCreation> CreateAsync(CommandSetRequest request, CancellationToken cancellationToken);

    /// <summary>The same with one that somebody of the roster has signed. Sent again, it is the same command.</summary>
    Task<CommandSetCreation> CreateSignedAsync(CommandOrder order, string createdBy, CancellationToken cancellationToken);

    Task<CommandSetView?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<CommandSetView>> ListAsync(int limit, CancellationToken cancellationToken);

    /// <summary>How far its devices are, by their place in the set. Null when there is no such command.</summary>
    /// <param name="states">Only those in one of these states; none: all.</param>
    /// <param name="after">After this place; -1: from the first.</param>
    Task<IReadOnlyList<(int Index, CommandSetMemberView View)>?> MembersAsync(
        string id, IReadOnlyCollection<CommandState> states, int after, int limit, CancellationToken cancellationToken);

    /// <summary>Takes back what was not sent yet. How many devices that was; null when there is no such command.</summary>
    Task<int?> CancelAsync(string id, CancellationToken cancellationToken);
}
