using Messaging.Audit;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit.Checkpoints;

/// <summary>
/// Checkpoints in the registry, and the newest one in a file beside it. The file is not part of a backup: a registry without it, or behind it,
/// was restored or set back.
/// </summary>
internal sealed class CheckpointStore(IDbContextFactory<FleetDbContext> factory, string headFile)
{
    public async Task AddAsync(LogCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        db.Add(new CheckpointRow
        {
            LogId = checkpoint.LogId.ToString(),
            Number = checkpoint.Number,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(checkpoint.UnixMs),
            Bytes = checkpoint.Bytes.ToArray(),
        });
        await db.SaveChangesAsync(cancellationToken);
        DurableFile.Replace(headFile, checkpoint.Bytes.Span);
    }

    public async Task<CheckpointRow?> NewestAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await db.Set<CheckpointRow>().AsNoTracking().OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Bytes of the newest one by the file; null when there is no file.</summary>
    public byte[]? ReadHead() => File.Exists(headFile) ? File.ReadAllBytes(headFile) : null;
}
