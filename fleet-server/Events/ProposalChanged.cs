namespace Messaging.FleetServer.Events;

/// <summary>A command that several must sign was proposed, signed, sent or withdrawn. It is about no device in particular.</summary>
internal sealed record ProposalChanged(string ProposalId) : FleetEvent("");
