namespace Messaging.FleetServer.Commands;

/// <summary>Either the proposal as it is now or the reason why nothing was done.</summary>
internal sealed record ProposalOutcome(ProposalView? Proposal, CommandProblem? Problem);
