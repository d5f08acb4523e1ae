using Messaging.FleetServer.Api;
using Messaging.FleetServer.Hosting;

namespace Messaging.FleetServer.Access;

/// <summary>What set-up, sign-in and proving a password again have in common: the throttle before; for the first two the session after.</summary>
internal sealed class SignIn(LoginThrottle throttle, Sessions sessions, FleetServerOptions options, TimeProvider time)
{
    public static CookieOptions Cookie(HttpContext context, FleetServerOptions options) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        Path = "/",
        SameSite = SameSiteMode.Strict,
        Secure = options.Tls || context.Request.IsHttps,
    };

    /// <summary>Refuses or delays an attempt; null lets it go on.</summary>
    public async Task<ApiProblem?> HoldBackAsync(HttpContext context, string account, CancellationToken cancellationToken)
    {
        var verdict = throttle.Begin(context.Connection.RemoteIpAddress, account);
        if (verdict.Refused)
        {
            context.Audit().Skip = true;
            return Problems.TooManyAttempts(verdict.RetryAfter);
        }

        if (verdict.Delay > TimeSpan.Zero)
        {
            await Task.Delay(verdict.Delay, time, cancellationToken);
        }

        return null;
    }

    /// <summary>Takes back that the attempt was counted: the password was right.</summary>
    public void Proved(HttpContext context, string account) => throttle.Succeeded(context.Connection.RemoteIpAddress, account);

    public async Task<IResult> CompleteAsync(HttpContext context, Operator account, string throttled, CancellationToken cancellationToken)
    {
        Proved(context, throttled);
        var secret = await sessions.StartAsync(account.Id, context.Address(), cancellationToken);
        context.Response.Cookies.Append(Authenticator.CookieName, secret, Cookie(context, options));
        context.Response.Headers.CacheControl = "no-store";
        context.Audit().Actor = account.Username;
        context.Audit().Target = $"operators/{account.Id}";
        return TypedResults.Ok(
            new SessionView(new UserView(account.Id, account.Username, account.Role.Word()), Sessions.CsrfToken(secret)));
    }
}
