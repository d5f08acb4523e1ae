namespace Messaging.FleetServer.Live;

/// <summary>A proposal changed: read it again.</summary>
internal sealed record LiveProposalView(string Id);
