using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Access;

/// <summary>Finds out who makes a request, by API token or by session cookie. Reads the database every time: what is revoked ends at once.</summary>
internal sealed class Authenticator(IDbContextFactory<FleetDbContext> factory, TimeProvider time)
{
    public const string CookieName = "msession";
    private const string Scheme = "Bearer ";

    /// <summary>Null when it brings no proof, or one that is not valid (any more).</summary>
    /// <param name="use">Whether this counts as use: it keeps an idle session alive.</param>
    public Task<Caller?> AuthenticateAsync(HttpContext context, bool use = true)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? AuthenticateTokenAsync(authorization[Scheme.Length..].Trim(), use, context.RequestAborted)
                : Task.FromResult<Caller?>(null);
        }

        return context.Request.Cookies.TryGetValue(CookieName, out var secret) && secret.Length is > 0 and < 200
            ? AuthenticateSessionAsync(secret, use, context.RequestAborted)
            : Task.FromResult<Caller?>(null);
    }

    /// <summary>Whether the text is an API token that is valid now.</summary>
    public async Task<bool> IsTokenAsync(string text, CancellationToken cancellationToken) =>
        await AuthenticateTokenAsync(text, use: false, cancellationToken) is not null;

    private async Task<Caller?> AuthenticateTokenAsync(string text, bool use, CancellationToken cancellationToken)
    {
        if (!text.StartsWith(ApiTokens.Prefix, StringComparison.Ordinal) || text.Length > 200)
        {
            return null;
        }

        var hash = SecretText.Hash(text);
        var now = time.GetUtcNow();
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var token = await db.Set<ApiToken>().AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Hash == hash, cancellationToken);
        if (token is null || token.ExpiresAt <= now)
        {
            return null;
        }

        if (use && (token.LastUsedAt is not { } used || now - used > AccessLimits.LastUsedPrecision))
        {
            await db.Set<ApiToken>().Where(candidate => candidate.Id == token.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(candidate => candidate.LastUsedAt, now), cancellationToken);
        }

        return new Caller(CallerKind.ApiToken, token.Id, token.Name, token.Role);
    }

    private async Task<Caller?> AuthenticateSessionAsync(string secret, bool use, CancellationToken cancellationToken)
    {
        var hash = SecretText.Hash(secret);
        var now = time.GetUtcNow();
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var found = await db.Set<OperatorSession>().AsNoTracking()
            .Where(session => session.Hash == hash)
            .Join(db.Set<Operator>(), session => session.OperatorId, account => account.Id, (session, account) => new { session, account })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null || found.account.Disabled || found.session.ExpiresAt <= now
            || now - found.session.LastUsedAt > AccessLimits.SessionIdle)
        {
            return null;
        }

        if (use && now - found.session.LastUsedAt > AccessLimits.LastUsedPrecision)
        {
            await db.Set<OperatorSession>().Where(session => session.Hash == hash)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.LastUsedAt, now), cancellationToken);
        }

        return new Caller(
            CallerKind.Operator, found.account.Id, found.account.Username, found.account.Role, hash, Sessions.CsrfToken(secret));
    }
}
