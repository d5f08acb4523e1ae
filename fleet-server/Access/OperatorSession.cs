namespace Messaging.FleetServer.Access;

/// <summary>A browser that is signed in. The cookie holds a secret; only its hash is stored.</summary>
internal sealed class OperatorSession
{
    /// <summary>SHA-256 of the cookie's secret, 64 lower hex digits.</summary>
    public required string Hash { get; init; }

    public required string OperatorId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUsedAt { get; set; }

    /// <summary>The end whatever happens; an idle session ends earlier.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where it was signed in from.</summary>
    public required string Address { get; init; }
}
