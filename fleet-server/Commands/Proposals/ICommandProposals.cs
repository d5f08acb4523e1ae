using Messaging.Commands;

namespace Messaging.FleetServer.Commands;

/// <summary>Commands that wait until as many have signed as the fleet's policy wants.</summary>
internal interface ICommandProposals
{
    /// <summary>Keeps a command with the issuer's signature. Sent again, it is the same proposal.</summary>
    Task<ProposalOutcome> CreateAsync(CommandOrder order, string createdBy, CancellationToken cancellationToken);

    /// <summary>Adds signatures; the last one that is needed sends the command.</summary>
    /// <param name="signed">The same command, signed by somebody else.</param>
    Task<ProposalOutcome> SignAsync(string id, Command signed, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<ProposalView>> ListAsync(int limit, CancellationToken cancellationToken);

    Task<ProposalView?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>The command-order, as it was signed; null when there is no such proposal.</summary>
    Task<byte[]?> OrderAsync(string id, CancellationToken cancellationToken);

    /// <summary>Takes a proposal back that is open.</summary>
    Task<ProposalOutcome> WithdrawAsync(string id, CancellationToken cancellationToken);
}
