namespace Messaging.Agent.Status;

/// <summary>Where the agent asks for newer trust when its server does not bring it.</summary>
/// <param name="NextAt">When it asks next; null while it does.</param>
/// <param name="Homes">What came of it the last time; empty before the first.</param>
internal sealed record TrustStatus(DateTimeOffset? NextAt, IReadOnlyList<HomeStatus> Homes);
