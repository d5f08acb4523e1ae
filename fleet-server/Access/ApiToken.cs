namespace Messaging.FleetServer.Access;

/// <summary>A secret that programs use instead of a session. Only its hash is stored.</summary>
internal sealed class ApiToken
{
    /// <summary>32 lower hex digits, random; not secret.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>SHA-256 of the whole token text, 64 lower hex digits.</summary>
    public required string Hash { get; init; }

    public OperatorRole Role { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>Null: it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Exact to a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
