using Messaging.Rosters;

namespace Messaging.Cli.Trust;

/// <summary>A principal as it is shown.</summary>
/// <param name="Id">32 lower hexadecimal digits.</param>
/// <param name="Fingerprint">Of its present key.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="NotAfter">After when it may command nothing; null: no end.</param>
internal sealed record PrincipalView(string Id, string Fingerprint, IReadOnlyList<string> Roles, DateTimeOffset? NotAfter)
{
    public static PrincipalView Of(RosterPrincipal principal) => new(
        principal.Id.ToString(),
        principal.Identity.ToString(),
        principal.Roles,
        principal.NotAfterUnixMs is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null);
}
