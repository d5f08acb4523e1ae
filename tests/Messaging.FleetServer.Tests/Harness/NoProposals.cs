using Messaging.Commands;
using Messaging.FleetServer.Commands;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>A server without proposals.</summary>
internal sealed class NoProposals : ICommandProposals
{
    private static readonly ProposalOutcome Refusal = new(null, new CommandProblem(404, "proposal_not_found", "There is no such proposal."));

    public Task<ProposalOutcome> CreateAsync(CommandOrder order, string createdBy, CancellationToken cancellationToken) => Task.FromResult(Refusal);

    public Task<ProposalOutcome> SignAsync(string id, Command signed, CancellationToken cancellationToken) => Task.FromResult(Refusal);

    public Task<IReadOnlyList<ProposalView>> ListAsync(int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ProposalView>>([]);

    public Task<ProposalView?> GetAsync(string id, CancellationToken cancellationToken) => Task.FromResult<ProposalView?>(null);

    public Task<byte[]?> OrderAsync(string id, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public Task<ProposalOutcome> WithdrawAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Refusal);
}
