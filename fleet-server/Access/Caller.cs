namespace Messaging.FleetServer.Access;

/// <summary>Who makes a request, once proven.</summary>
/// <param name="Kind">How it was proven.</param>
/// <param name="Id">The operator's or the token's id; neither is secret.</param>
/// <param name="Name">For people: audit, commands.</param>
/// <param name="SessionHash">The session it came by; null for API tokens.</param>
/// <param name="CsrfToken">What unsafe requests of this session must carry; null for API tokens.</param>
internal sealed record Caller(
    CallerKind Kind, string Id, string Name, OperatorRole Role, string? SessionHash = null, string? CsrfToken = null)
{
    /// <summary>Without the CSRF token: it may end in a log.</summary>
    public override string ToString() => $"{Kind} {Name} ({Role})";
}
