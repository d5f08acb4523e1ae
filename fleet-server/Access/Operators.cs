using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Access;

/// <summary>The people who may sign in. There is always an owner once there was one.</summary>
internal sealed class Operators(
    IDbContextFactory<FleetDbContext> factory, PasswordHasher hasher, Sessions sessions, AccessChanges changes, TimeProvider time) : IDisposable
{
    /// <summary>One change at a time: "is there another owner?" must stay true until it is written.</summary>
    private readonly SemaphoreSlim _change = new(1);

    public async Task<bool> AnyOwnerAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await db.Set<Operator>().AnyAsync(account => account.Role == OperatorRole.Owner && !account.Disabled, cancellationToken);
    }

    public async Task<IReadOnlyList<Operator>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await db.Set<Operator>().AsNoTracking().OrderBy(account => account.NormalizedUsername).ToListAsync(cancellationToken);
    }

    public async Task<Operator?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await db.Set<Operator>().AsNoTracking().SingleOrDefaultAsync(account => account.Id == id, cancellationToken);
    }

    /// <param name="onlyAsFirstOwner">Makes nothing when there is an owner already.</param>
    public async Task<(OperatorOutcome Outcome, Operator? Operator)> CreateAsync(
        string username, string password, OperatorRole role, bool onlyAsFirstOwner, CancellationToken cancellationToken)
    {
        var hash = await hasher.HashAsync(password, cancellationToken);
        using var turn = await TurnAsync(cancellationToken);
        if (onlyAsFirstOwner && await AnyOwnerAsync(cancellationToken))
        {
            return (OperatorOutcome.OwnerExists, null);
        }

        var account = new Operator
        {
            Id = SecretText.CreateId(),
            Username = username,
            NormalizedUsername = Normalize(username),
            PasswordHash = hash,
            Role = role,
            CreatedAt = time.GetUtcNow(),
        };
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        if (await db.Set<Operator>().AnyAsync(other => other.NormalizedUsername == account.NormalizedUsername, cancellationToken))
        {
            return (OperatorOutcome.NameTaken, null);
        }

        db.Add(account);
        await db.SaveChangesAsync(cancellationToken);
        return (OperatorOutcome.Done, account);
    }

    /// <summary>Changes role and state; null leaves either as it is. Disabling ends the operator's sessions.</summary>
    public async Task<(OperatorOutcome Outcome, Operator? Operator)> UpdateAsync(
        string id, OperatorRole? role, bool? disabled, CancellationToken cancellationToken)
    {
        using var turn = await TurnAsync(cancellationToken);
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        if (await db.Set<Operator>().SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken) is not { } account)
        {
            return (OperatorOutcome.NotFound, null);
        }

        var before = IsActiveOwner(account);
        account.Role = role ?? account.Role;
        account.Disabled = disabled ?? account.Disabled;
        if (before && !IsActiveOwner(account) && !await AnotherOwnerAsync(db, id, cancellationToken))
        {
            return (OperatorOutcome.LastOwner, null);
        }

        await db.SaveChangesAsync(cancellationToken);
        if (account.Disabled)
        {
            await sessions.EndAllAsync(id, exceptHash: null, cancellationToken);
        }

        changes.Notify();
        return (OperatorOutcome.Done, account);
    }

    public async Task<OperatorOutcome> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        using var turn = await TurnAsync(cancellationToken);
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        if (await db.Set<Operator>().SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken) is not { } account)
        {
            return OperatorOutcome.NotFound;
        }

        if (IsActiveOwner(account) && !await AnotherOwnerAsync(db, id, cancellationToken))
        {
            return OperatorOutcome.LastOwner;
        }

        db.Remove(account);
        await db.SaveChangesAsync(cancellationToken);
        changes.Notify();
        return OperatorOutcome.Done;
    }

    /// <summary>Sets a password and ends the operator's sessions but the one that asks.</summary>
    public async Task<OperatorOutcome> SetPasswordAsync(string id, string password, string? keepSession, CancellationToken cancellationToken)
    {
        var hash = await hasher.HashAsync(password, cancellationToken);
        using var turn = await TurnAsync(cancellationToken);
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var updated = await db.Set<Operator>().Where(account => account.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(account => account.PasswordHash, hash), cancellationToken);
        if (updated == 0)
        {
            return OperatorOutcome.NotFound;
        }

        await sessions.EndAllAsync(id, keepSession, cancellationToken);
        return OperatorOutcome.Done;
    }

    /// <summary>The operator, if name and password fit and it may sign in. An unknown name takes as long as a wrong password.</summary>
    public async Task<Operator?> VerifyAsync(string username, string password, CancellationToken cancellationToken)
    {
        var normalized = Normalize(username);
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var account = await db.Set<Operator>().SingleOrDefaultAsync(candidate => candidate.NormalizedUsername == normalized, cancellationToken);
        if (!await hasher.VerifyAsync(password, account?.PasswordHash, cancellationToken) || account is null || account.Disabled)
        {
            return null;
        }

        account.LastSignInAt = time.GetUtcNow();
        if (PasswordHasher.IsOutdated(account.PasswordHash))
        {
            account.PasswordHash = await hasher.HashAsync(password, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        return account;
    }

    /// <summary>Whether the password is this operator's, without signing in.</summary>
    public async Task<bool> HasPasswordAsync(string id, string password, CancellationToken cancellationToken) =>
        await hasher.VerifyAsync(password, (await FindAsync(id, cancellationToken))?.PasswordHash, cancellationToken);

    public void Dispose() => _change.Dispose();

    public static string Normalize(string username) => username.ToLowerInvariant();

    private static bool IsActiveOwner(Operator account) => account is { Role: OperatorRole.Owner, Disabled: false };

    private static Task<bool> AnotherOwnerAsync(FleetDbContext db, string id, CancellationToken cancellationToken) =>
        db.Set<Operator>().AnyAsync(
            other => other.Id != id && other.Role == OperatorRole.Owner && !other.Disabled, cancellationToken);

    private async Task<IDisposable> TurnAsync(CancellationToken cancellationToken)
    {
        await _change.WaitAsync(cancellationToken);
        return new Turn(_change);
    }

    private sealed class Turn(SemaphoreSlim change) : IDisposable
    {
        public void Dispose() => change.Release();
    }
}
