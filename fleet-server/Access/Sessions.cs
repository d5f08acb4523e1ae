using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Access;

/// <summary>Starts and ends sessions.</summary>
internal sealed class Sessions(IDbContextFactory<FleetDbContext> factory, AccessChanges changes, TimeProvider time)
{
    public static string CsrfToken(string secret) => SecretText.Derive(secret, "csrf");

    /// <summary>Returns the secret for the cookie. Expired sessions of anybody are swept on the way.</summary>
    public async Task<string> StartAsync(string operatorId, string address, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var secret = SecretText.Create();
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var idle = now - AccessLimits.SessionIdle;
        await db.Set<OperatorSession>().Where(session => session.ExpiresAt <= now || session.LastUsedAt < idle)
            .ExecuteDeleteAsync(cancellationToken);
        db.Add(new OperatorSession
        {
            Hash = SecretText.Hash(secret),
            OperatorId = operatorId,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + AccessLimits.SessionLifetime,
            Address = address,
        });
        await db.SaveChangesAsync(cancellationToken);
        return secret;
    }

    public async Task EndAsync(string hash, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        await db.Set<OperatorSession>().Where(session => session.Hash == hash).ExecuteDeleteAsync(cancellationToken);
        changes.Notify();
    }

    /// <summary>Ends all sessions of an operator, but one if given.</summary>
    public async Task EndAllAsync(string operatorId, string? exceptHash, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        await db.Set<OperatorSession>().Where(session => session.OperatorId == operatorId && session.Hash != exceptHash)
            .ExecuteDeleteAsync(cancellationToken);
        changes.Notify();
    }
}
