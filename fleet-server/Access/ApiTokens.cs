using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Access;

/// <summary>Makes, lists and ends API tokens.</summary>
internal sealed class ApiTokens(IDbContextFactory<FleetDbContext> factory, AccessChanges changes, TimeProvider time)
{
    /// <summary>Lets scanners find a token that ended where it should not.</summary>
    public const string Prefix = "mtk_";

    /// <summary>Returns the token and its text, which is kept nowhere.</summary>
    public async Task<(ApiToken Token, string Text)> CreateAsync(
        string name, OperatorRole role, TimeSpan? lifetime, string createdBy, CancellationToken cancellationToken)
    {
        var text = Prefix + SecretText.Create();
        var now = time.GetUtcNow();
        var token = new ApiToken
        {
            Id = SecretText.CreateId(),
            Name = name,
            Hash = SecretText.Hash(text),
            Role = role,
            CreatedAt = now,
            CreatedBy = createdBy,
            ExpiresAt = now + lifetime,
        };
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        db.Add(token);
        await db.SaveChangesAsync(cancellationToken);
        return (token, text);
    }

    public async Task<IReadOnlyList<ApiToken>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await db.Set<ApiToken>().AsNoTracking().OrderByDescending(token => token.CreatedAt).ThenBy(token => token.Id)
            .ToListAsync(cancellationToken);
    }

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var deleted = await db.Set<ApiToken>().Where(token => token.Id == id).ExecuteDeleteAsync(cancellationToken);
        changes.Notify();
        return deleted > 0;
    }
}
