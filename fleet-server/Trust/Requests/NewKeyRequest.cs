namespace Messaging.FleetServer.Trust.Requests;

/// <param name="Key">The public point in base64url: 65 bytes, uncompressed.</param>
/// <param name="Role">operator or owner.</param>
internal sealed record NewKeyRequest(string? Key = null, string? Role = null);
