namespace Messaging.Relay.Channels.Mqtt;

/// <summary>What one subscription brings.</summary>
internal abstract class ChannelFeed
{
    /// <summary>Writes what is new, as much as one turn allows.</summary>
    /// <returns>False: there was nothing.</returns>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The disk failed.</exception>
    public abstract ValueTask<bool> WriteAsync(CancellationToken cancellationToken);
}
