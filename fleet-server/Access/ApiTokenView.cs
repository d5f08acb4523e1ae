namespace Messaging.FleetServer.Access;

internal sealed record ApiTokenView(
    string Id, string Name, string Role, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt)
{
    public static ApiTokenView Of(ApiToken token) => new(
        token.Id, token.Name, token.Role.Word(), token.CreatedAt, token.CreatedBy, token.LastUsedAt, token.ExpiresAt);
}
