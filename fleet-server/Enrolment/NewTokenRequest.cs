namespace Messaging.FleetServer.Enrolment;

/// <param name="MaxUses">1 when absent; null for any number of devices.</param>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record NewTokenRequest(string? Name = null, IReadOnlyList<string>? Tags = null, int? MaxUses = 1, long ExpiresIn = 3600, bool RequireApproval = false);
