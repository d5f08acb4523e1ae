using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Commands;

/// <summary>Proposals in the registry database.</summary>
internal sealed class ProposalStore(IDbContextFactory<FleetDbContext> database)
{
    public async Task<ProposalEntity?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<ProposalEntity>().AsNoTracking().SingleOrDefaultAsync(proposal => proposal.Id == id, cancellationToken);
    }

    /// <summary>Newest first.</summary>
    public async Task<List<ProposalEntity>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<ProposalEntity>().AsNoTracking().OrderByDescending(proposal => proposal.CreatedAt).Take(limit).ToListAsync(cancellationToken);
    }

    public async Task<int> CountOpenAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<ProposalEntity>().CountAsync(proposal => proposal.State == ProposalState.Open && proposal.ExpiresAt > now, cancellationToken);
    }

    public async Task InsertAsync(ProposalEntity proposal, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        db.Add(proposal);
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task UpdateAsync(ProposalEntity proposal, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        db.Update(proposal);
        await db.SaveChangesAsync(cancellationToken);
    }
}
