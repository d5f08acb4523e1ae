using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <summary>
/// The tables of telemetry.db, by version (PRAGMA user_version). A version that was released is never edited: add the next.
/// Times (t, received, recorded, last, opened_at) are Unix milliseconds; devices and epochs are their 16 bytes.
/// </summary>
internal static class TelemetrySchema
{
    private static readonly string[] Versions =
    [
        """
        -- One row for each epoch of a device. The open frame makes its key again after a restart.
        CREATE TABLE epochs(
            id INTEGER PRIMARY KEY,
            device BLOB NOT NULL,
            epoch_id BLOB NOT NULL,
            kid BLOB NOT NULL,
            epoch_no INTEGER NOT NULL,
            open_frame BLOB NOT NULL,
            boot_nonce BLOB NOT NULL,
            uptime_ms INTEGER NOT NULL,
            opened_at INTEGER NOT NULL,
            prev_epoch_id BLOB,
            -- Pairs of stream and last sequence number, little endian: u32, u64.
            prev_last BLOB,
            -- The same pairs for this epoch, once all of it is stored or known to be lost.
            final BLOB,
            finished INTEGER NOT NULL DEFAULT 0,
            UNIQUE(device, epoch_no),
            UNIQUE(device, epoch_id));
        CREATE INDEX epochs_kid ON epochs(device, kid);

        -- Epoch numbers up to the floor are over: their rows are gone and they are never opened again.
        CREATE TABLE senders(device BLOB PRIMARY KEY, floor INTEGER NOT NULL) WITHOUT ROWID;

        -- The replay window of an epoch's stream, committed with what it let in.
        CREATE TABLE windows(
            epoch INTEGER NOT NULL,
            stream INTEGER NOT NULL,
            state BLOB NOT NULL,
            PRIMARY KEY(epoch, stream)) WITHOUT ROWID;

        CREATE TABLE series(
            id INTEGER PRIMARY KEY,
            device BLOB NOT NULL,
            name TEXT NOT NULL,
            unit TEXT NOT NULL,
            kind INTEGER NOT NULL, -- 0 gauge, 1 counter, 2 up-down counter
            attributes TEXT NOT NULL, -- JSON object, keys sorted
            UNIQUE(device, name, attributes));

        CREATE TABLE points(
            series INTEGER NOT NULL,
            t INTEGER NOT NULL,
            v REAL NOT NULL,
            PRIMARY KEY(series, t)) WITHOUT ROWID;

        CREATE TABLE logs(
            id INTEGER PRIMARY KEY,
            device BLOB NOT NULL,
            t INTEGER NOT NULL,
            received INTEGER NOT NULL,
            severity INTEGER NOT NULL,
            source TEXT NOT NULL,
            body TEXT NOT NULL,
            attributes TEXT NOT NULL);
        CREATE INDEX logs_device_id ON logs(device, id);
        CREATE INDEX logs_device_t ON logs(device, t);

        CREATE TABLE events(
            id INTEGER PRIMARY KEY,
            device BLOB NOT NULL,
            t INTEGER NOT NULL,
            received INTEGER NOT NULL,
            name TEXT NOT NULL,
            severity INTEGER NOT NULL,
            attributes TEXT NOT NULL);
        CREATE INDEX events_device_id ON events(device, id);
        CREATE INDEX events_device_t ON events(device, t);

        -- Sequence numbers of which the content will never come, and why.
        CREATE TABLE gaps(
            id INTEGER PRIMARY KEY,
            device BLOB NOT NULL,
            epoch_id BLOB NOT NULL,
            stream INTEGER NOT NULL,
            from_seq INTEGER NOT NULL,
            to_seq INTEGER NOT NULL,
            reason TEXT NOT NULL,
            recorded INTEGER NOT NULL,
            UNIQUE(device, epoch_id, stream, from_seq, to_seq));

        -- What was refused: by the server (side 'server') or by the device, as it tells (side 'device').
        CREATE TABLE rejections(
            device BLOB NOT NULL,
            side TEXT NOT NULL,
            reason TEXT NOT NULL,
            count INTEGER NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY(device, side, reason)) WITHOUT ROWID;
        """,
    ];

    public static int Version => Versions.Length;

    /// <summary>Brings the database to <see cref="Version"/>, one transaction a version.</summary>
    /// <exception cref="InvalidOperationException">A newer program wrote the database.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var version = ReadVersion(connection);
        if (version > Version)
        {
            throw new InvalidOperationException(
                $"{connection.DataSource} has schema version {version}; this program knows up to {Version}. Run the newer one.");
        }

        for (; version < Version; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, transaction, Versions[version]);
            Execute(connection, transaction, $"PRAGMA user_version = {version + 1}");
            transaction.Commit();
        }
    }

    private static int ReadVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar());
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text is one of the constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
