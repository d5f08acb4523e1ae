namespace Messaging.FleetServer.Enrolment;

/// <summary>A new enrolment token.</summary>
/// <param name="Token">With its secret: this answer is the only place that ever shows it.</param>
/// <param name="Command">What to run on the device.</param>
internal sealed record CreatedTokenView(
    string Id,
    string Name,
    IReadOnlyList<string> Tags,
    int? MaxUses,
    int Uses,
    bool RequireApproval,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset ExpiresAt,
    string Token,
    string Command)
{
    public static CreatedTokenView Of(CreatedToken created) => new(
        created.Token.Id,
        created.Token.Name,
        created.Token.Tags,
        created.Token.MaxUses,
        created.Token.Uses,
        created.Token.RequireApproval,
        created.Token.CreatedAt,
        created.Token.CreatedBy,
        created.Token.ExpiresAt,
        created.Text,
        $"messaging-agent enroll {created.Text}");
}
