using System.Buffers.Text;

namespace Messaging.FleetServer.Trust.Requests;

/// <summary>A request as the API shows it.</summary>
/// <param name="Account">Who asked, by the name of the account.</param>
/// <param name="Key">The public point in base64url.</param>
/// <param name="Fingerprint">What an owner compares with what the asker sees: SHA-256 of the point.</param>
/// <param name="Principal">Who the key is in the roster.</param>
/// <param name="Role">The role that is asked for.</param>
/// <param name="AcceptedAt">Since when the roster names the key; null: an owner has to decide.</param>
internal sealed record KeyRequestView(
    string Id, string Account, string Key, string Fingerprint, string Principal, string Role, DateTimeOffset CreatedAt, DateTimeOffset? AcceptedAt)
{
    public static KeyRequestView Of(KeyRequest request) => new(
        request.Id,
        request.Account,
        Base64Url.EncodeToString(request.Point),
        request.Fingerprint,
        request.Principal,
        request.Role,
        request.CreatedAt,
        request.AcceptedAt);
}
