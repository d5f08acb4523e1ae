namespace Messaging.FleetServer.Access;

internal sealed record OperatorView(
    string Id, string Username, string Role, bool Disabled, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt)
{
    public static OperatorView Of(Operator account) => new(
        account.Id, account.Username, account.Role.Word(), account.Disabled, account.CreatedAt, account.LastSignInAt);
}
