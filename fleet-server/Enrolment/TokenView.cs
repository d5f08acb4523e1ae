namespace Messaging.FleetServer.Enrolment;

/// <summary>An enrolment token as the API lists it: without its secret.</summary>
/// <param name="MaxUses">Null: any number of devices.</param>
internal sealed record TokenView(
    string Id,
    string Name,
    IReadOnlyList<string> Tags,
    int? MaxUses,
    int Uses,
    bool RequireApproval,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset ExpiresAt,
    bool Revoked)
{
    public static TokenView Of(TokenSnapshot token) => new(
        token.Id, token.Name, token.Tags, token.MaxUses, token.Uses, token.RequireApproval, token.CreatedAt, token.CreatedBy, token.ExpiresAt, token.Revoked);
}
