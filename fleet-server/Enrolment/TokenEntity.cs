namespace Messaging.FleetServer.Enrolment;

/// <summary>An enrolment token as the registry stores it: without its secret.</summary>
internal sealed class TokenEntity
{
    /// <summary>32 lower hex digits.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; init; }

    public List<string> Tags { get; init; } = [];

    /// <summary>Null: without a limit.</summary>
    public int? MaxUses { get; init; }

    public int Uses { get; set; }

    public bool RequireApproval { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }
}
