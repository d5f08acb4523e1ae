namespace Messaging.FleetServer.Access;

/// <summary>What endpoints ask a request about its caller.</summary>
internal static class RequestAccess
{
    /// <exception cref="InvalidOperationException">The endpoint is open to everybody and has no caller.</exception>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("This endpoint has no authenticated caller.");

    public static AuditScope Audit(this HttpContext context) => context.Features.Get<AuditScope>()
        ?? throw new InvalidOperationException("The access table names no audit action for this endpoint.");

    /// <summary>The caller's network address, or "unknown" where there is none (tests in process).</summary>
    public static string Address(this HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };
}
