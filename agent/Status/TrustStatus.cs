namespace Messaging.Agent.Status;

/// <summary>Where the agent asks for newer trust when its server does not bring it.</summary>
/// <param name="nextAt">When it asks next; null while it does.</param>
/// <param name="homes">What came of it the last time; empty before the first.</param>
internal sealed class TrustStatus(DateTimeOffset? nextAt, IReadOnlyList<HomeStatus> homes)
{
    public DateTimeOffset? NextAt { get; } = nextAt;

    public IReadOnlyList<HomeStatus> Homes { get; } = homes;
}
