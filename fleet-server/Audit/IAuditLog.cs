namespace Messaging.FleetServer.Audit;

/// <summary>The append-only record of who changed what. Requests to the API are written by the access middleware.</summary>
internal interface IAuditLog
{
    /// <summary>Returns once the entry is durable.</summary>
    Task AppendAsync(AuditRecord record, CancellationToken cancellationToken);

    /// <summary>The entries that a filter lets through, newest first.</summary>
    Task<IReadOnlyList<AuditEntry>> ListAsync(AuditFilter filter, CancellationToken cancellationToken);

    /// <summary>Called after an entry is durable. The handler must neither block nor throw. Dispose to stop.</summary>
    IDisposable Subscribe(Action<AuditEntry> handler);
}
