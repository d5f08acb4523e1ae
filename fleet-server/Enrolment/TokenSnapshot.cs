namespace Messaging.FleetServer.Enrolment;

/// <summary>A token at one moment, without its secret.</summary>
internal sealed record TokenSnapshot(
    string Id,
    string Name,
    IReadOnlyList<string> Tags,
    int? MaxUses,
    int Uses,
    bool RequireApproval,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset ExpiresAt,
    bool Revoked);
