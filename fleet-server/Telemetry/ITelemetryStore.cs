using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>Where the ingest stores. One caller at a time.</summary>
internal interface ITelemetryStore
{
    /// <summary>The epochs of a device that are kept, finished ones included, with their windows.</summary>
    StoredSender Load(PrincipalId device);

    /// <summary>The opening of an epoch, from which its key is made again.</summary>
    byte[] OpenFrame(long epoch);

    /// <summary>What a number of a series stands for in an epoch; null when that is not stored.</summary>
    SeriesDefinition? FindSeries(long epoch, uint id);

    /// <summary>
    /// Stores all of it or nothing; durable when it returns. Gives the epochs and log lines of the group their ids.
    /// </summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">Nothing was stored.</exception>
    void Write(TelemetryGroup group);

    /// <summary>Boots with rows that are to be placed, by their ids, from after one on.</summary>
    IReadOnlyList<long> PendingBoots(long after, int limit);

    /// <summary>Places rows of a boot, a bounded number; durable when it returns. Null when there are none.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">Nothing was changed.</exception>
    Placed? Place(long boot, DateTimeOffset now);

    /// <summary>Forgets epochs that are finished, or open without an end, and were opened before the limit. Gives how many.</summary>
    int Prune(DateTimeOffset openedBefore);
}
