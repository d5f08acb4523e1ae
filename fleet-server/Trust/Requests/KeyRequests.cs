using Messaging.FleetServer.Access;
using Messaging.FleetServer.Storage;
using Messaging.Rosters;
using Messaging.Wire;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Trust.Requests;

/// <summary>Who asks for a place in the roster, and whose the keys are that have one.</summary>
internal sealed class KeyRequests(IDbContextFactory<FleetDbContext> factory, ITrustService trust, TimeProvider time) : IDisposable
{
    /// <summary>Somebody has a few browsers; more that wait are a mistake, or worse.</summary>
    public const int MaxOpenOfAccount = 3;

    /// <summary>With those that were accepted.</summary>
    public const int MaxOfAccount = 16;

    /// <summary>A roster names at most 256.</summary>
    public const int MaxOfAll = 512;

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Those of the account; all of them for an owner. Those that wait first, the newest first.</summary>
    public async Task<IReadOnlyList<KeyRequest>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await Asked(db)
            .Where(request => caller.Role == OperatorRole.Owner || request.AccountId == caller.Id)
            .OrderBy(request => request.AcceptedAt != null)
            .ThenByDescending(request => request.CreatedAt)
            .ThenBy(request => request.Id)
            .ToListAsync(cancellationToken);
    }

    public async Task<(KeyRequestOutcome Outcome, KeyRequest? Request)> AddAsync(
        Caller caller, IdentityPublicKey key, string role, CancellationToken cancellationToken)
    {
        // One after the other, so that the limits are limits.
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await using var db = await factory.CreateDbContextAsync(cancellationToken);
            var fingerprint = key.ToString();
            if (await db.Set<KeyRequest>().SingleOrDefaultAsync(request => request.Fingerprint == fingerprint, cancellationToken) is { } known)
            {
                return await AgainAsync(db, known, caller, role, cancellationToken);
            }

            var named = Names(trust.Trust.Roster, key.Point);
            if (named && caller.Role != OperatorRole.Owner)
            {
                return (KeyRequestOutcome.KeyInRoster, null);
            }

            var own = db.Set<KeyRequest>().Where(request => request.AccountId == caller.Id);
            if (await db.Set<KeyRequest>().CountAsync(cancellationToken) >= MaxOfAll
                || await own.CountAsync(cancellationToken) >= MaxOfAccount
                || (!named && await own.CountAsync(request => request.AcceptedAt == null, cancellationToken) >= MaxOpenOfAccount))
            {
                return (KeyRequestOutcome.TooMany, null);
            }

            var now = time.GetUtcNow();
            var request = new KeyRequest
            {
                Id = SecretText.CreateId(),
                AccountId = caller.Id,
                Account = caller.Name,
                Point = key.Point.ToArray(),
                Fingerprint = fingerprint,
                Principal = PrincipalId.FromIdentityKey(key).ToString(),
                Role = role,
                CreatedAt = now,
                AcceptedAt = named ? now : null,
            };
            db.Add(request);
            await db.SaveChangesAsync(cancellationToken);
            return (KeyRequestOutcome.Stored, request);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes a request back, or refuses it: the own ones, and any for an owner. False when there is none.</summary>
    public async Task<bool> DeleteAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await db.Set<KeyRequest>()
            .Where(request => request.Id == id && (caller.Role == OperatorRole.Owner || request.AccountId == caller.Id))
            .ExecuteDeleteAsync(cancellationToken) > 0;
    }

    /// <summary>After the roster changed: what it names is accepted, and what it names no longer is forgotten.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var roster = trust.Trust.Roster;
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        foreach (var request in await db.Set<KeyRequest>().ToListAsync(cancellationToken))
        {
            if (Names(roster, request.Point))
            {
                request.AcceptedAt ??= time.GetUtcNow();
            }
            else if (request.AcceptedAt is not null)
            {
                db.Remove(request);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>Whoever has no account any more does not ask any more.</summary>
    private static IQueryable<KeyRequest> Asked(FleetDbContext db) => db.Set<KeyRequest>().AsNoTracking().Where(request =>
        request.AcceptedAt != null
        || db.Set<Operator>().Any(account => account.Id == request.AccountId)
        || db.Set<ApiToken>().Any(token => token.Id == request.AccountId));

    private static async Task<(KeyRequestOutcome Outcome, KeyRequest? Request)> AgainAsync(
        FleetDbContext db, KeyRequest known, Caller caller, string role, CancellationToken cancellationToken)
    {
        if (known.AccountId != caller.Id)
        {
            return (KeyRequestOutcome.KeyTaken, null);
        }

        if (known.AcceptedAt is null)
        {
            known.Role = role;
            await db.SaveChangesAsync(cancellationToken);
        }

        return (KeyRequestOutcome.Stored, known);
    }

    private static bool Names(RosterContent roster, ReadOnlySpan<byte> point)
    {
        foreach (var principal in roster.Principals)
        {
            if (principal.Identity.Point.SequenceEqual(point))
            {
                return true;
            }
        }

        return false;
    }
}
