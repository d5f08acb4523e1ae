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
        """
        -- The boots of devices, which times are measured from.
        CREATE TABLE boots(
            -- Never used again: estimated points outlive the row.
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            device BLOB NOT NULL,
            boot BLOB NOT NULL,
            -- The order of boots; NULL for one that only logs tell of.
            first_epoch INTEGER,
            -- Milliseconds since it began of the latest that came of it.
            last_mono INTEGER NOT NULL,
            last_record INTEGER NOT NULL,
            -- It began then or before.
            latest_start INTEGER NOT NULL,
            -- When it is estimated to have begun; its estimated rows stand by that.
            start INTEGER,
            -- Since when there are rows that are to be placed, NULL when there are none.
            pending_since INTEGER,
            UNIQUE(device, boot));
        CREATE INDEX boots_pending ON boots(id) WHERE pending_since IS NOT NULL;

        -- Moments of a boot of which the true time is known. source: 0 beacon, 1 receipt, 2 device, 3 log.
        CREATE TABLE anchors(
            boot INTEGER NOT NULL,
            mono INTEGER NOT NULL,
            time INTEGER NOT NULL,
            uncertainty INTEGER NOT NULL,
            source INTEGER NOT NULL,
            PRIMARY KEY(boot, mono, source)) WITHOUT ROWID;

        -- Points of boots of which it is not known yet when they were.
        CREATE TABLE unplaced(
            boot INTEGER NOT NULL,
            series INTEGER NOT NULL,
            mono INTEGER NOT NULL,
            v REAL NOT NULL,
            PRIMARY KEY(boot, series, mono)) WITHOUT ROWID;

        -- NULL: by the device's clock; 0: by an anchor; else estimated, by the start of this boot (-1: of none).
        ALTER TABLE points ADD COLUMN boot INTEGER;
        CREATE INDEX points_estimated ON points(boot) WHERE boot > 0;

        -- quality: 0 by the device's clock, 1 by an anchor, 2 estimated, 3 not known yet, t is that of arrival.
        ALTER TABLE logs ADD COLUMN boot INTEGER;
        ALTER TABLE logs ADD COLUMN mono INTEGER;
        ALTER TABLE logs ADD COLUMN quality INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX logs_placing ON logs(boot) WHERE quality > 1;
        ALTER TABLE events ADD COLUMN boot INTEGER;
        ALTER TABLE events ADD COLUMN mono INTEGER;
        ALTER TABLE events ADD COLUMN quality INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX events_placing ON events(boot) WHERE quality > 1;
        """,
        """
        -- Files of devices' own programs; the contents are in the folder files. A row is FileRow.
        CREATE TABLE files(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            device BLOB NOT NULL,
            transfer BLOB NOT NULL,
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            attributes TEXT NOT NULL, -- JSON object, keys sorted
            size INTEGER NOT NULL,
            chunk_size INTEGER NOT NULL,
            sha256 BLOB NOT NULL,
            t INTEGER NOT NULL,
            received INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            state INTEGER NOT NULL, -- FileState
            reason TEXT NOT NULL,
            chunks BLOB NOT NULL, -- while receiving: a bit for each chunk that is here
            UNIQUE(device, transfer));
        CREATE INDEX files_device_state ON files(device, state);
        CREATE INDEX files_state_changed ON files(state, changed);

        -- What each device has, and all of them together (an empty device); kept by the triggers.
        CREATE TABLE file_usage(
            device BLOB PRIMARY KEY,
            files INTEGER NOT NULL,
            receiving INTEGER NOT NULL,
            bytes INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TRIGGER files_inserted AFTER INSERT ON files BEGIN
            INSERT OR IGNORE INTO file_usage VALUES(NEW.device, 0, 0, 0), (x'', 0, 0, 0);
            UPDATE file_usage SET files = files + 1, receiving = receiving + (NEW.state = 0), bytes = bytes + iif(NEW.state < 3, NEW.size, 0)
            WHERE device IN (NEW.device, x'');
        END;
        CREATE TRIGGER files_updated AFTER UPDATE OF state ON files WHEN OLD.state <> NEW.state BEGIN
            UPDATE file_usage SET receiving = receiving + (NEW.state = 0) - (OLD.state = 0),
                bytes = bytes + iif(NEW.state < 3, NEW.size, 0) - iif(OLD.state < 3, OLD.size, 0)
            WHERE device IN (NEW.device, x'');
        END;
        CREATE TRIGGER files_deleted AFTER DELETE ON files BEGIN
            UPDATE file_usage SET files = files - 1, receiving = receiving - (OLD.state = 0), bytes = bytes - iif(OLD.state < 3, OLD.size, 0)
            WHERE device IN (OLD.device, x'');
        END;
        """,
        """
        -- What the numbers of series stand for in the metric batches of an epoch, until the epoch is finished.
        CREATE TABLE epoch_series(
            epoch INTEGER NOT NULL,
            id INTEGER NOT NULL,
            definition BLOB NOT NULL, -- as the protocol has it in section 14
            PRIMARY KEY(epoch, id)) WITHOUT ROWID;
        """,
        """
        -- What commands wrote while they ran, in pieces that do not overlap.
        CREATE TABLE command_output(
            id INTEGER PRIMARY KEY,
            device BLOB NOT NULL,
            command BLOB NOT NULL,
            start INTEGER NOT NULL, -- in bytes
            source INTEGER NOT NULL, -- 0 standard output, 1 standard error
            bytes BLOB NOT NULL,
            written INTEGER, -- in the last piece: how many bytes there were in all
            received INTEGER NOT NULL,
            UNIQUE(device, command, start));
        """,
        """
        -- Recordings are files too, and take no room from those of programs: what they use is counted by itself.
        CREATE INDEX files_recordings ON files(id) WHERE media_type = 'application/vnd.messaging.recording';
        CREATE TABLE recording_usage(device BLOB PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
        DROP TRIGGER files_inserted;
        DROP TRIGGER files_updated;
        DROP TRIGGER files_deleted;
        CREATE TRIGGER files_inserted AFTER INSERT ON files WHEN NEW.media_type <> 'application/vnd.messaging.recording' BEGIN
            INSERT OR IGNORE INTO file_usage VALUES(NEW.device, 0, 0, 0), (x'', 0, 0, 0);
            UPDATE file_usage SET files = files + 1, receiving = receiving + (NEW.state = 0), bytes = bytes + iif(NEW.state < 3, NEW.size, 0)
            WHERE device IN (NEW.device, x'');
        END;
        CREATE TRIGGER files_updated AFTER UPDATE OF state ON files WHEN OLD.state <> NEW.state AND NEW.media_type <> 'application/vnd.messaging.recording' BEGIN
            UPDATE file_usage SET receiving = receiving + (NEW.state = 0) - (OLD.state = 0),
                bytes = bytes + iif(NEW.state < 3, NEW.size, 0) - iif(OLD.state < 3, OLD.size, 0)
            WHERE device IN (NEW.device, x'');
        END;
        CREATE TRIGGER files_deleted AFTER DELETE ON files WHEN OLD.media_type <> 'application/vnd.messaging.recording' BEGIN
            UPDATE file_usage SET files = files - 1, receiving = receiving - (OLD.state = 0), bytes = bytes - iif(OLD.state < 3, OLD.size, 0)
            WHERE device IN (OLD.device, x'');
        END;
        CREATE TRIGGER recordings_inserted AFTER INSERT ON files WHEN NEW.media_type = 'application/vnd.messaging.recording' BEGIN
            INSERT OR IGNORE INTO recording_usage VALUES(NEW.device, 0), (x'', 0);
            UPDATE recording_usage SET bytes = bytes + iif(NEW.state < 3, NEW.size, 0) WHERE device IN (NEW.device, x'');
        END;
        CREATE TRIGGER recordings_updated AFTER UPDATE OF state ON files WHEN NEW.media_type = 'application/vnd.messaging.recording' BEGIN
            UPDATE recording_usage SET bytes = bytes + iif(NEW.state < 3, NEW.size, 0) - iif(OLD.state < 3, OLD.size, 0) WHERE device IN (NEW.device, x'');
        END;
        CREATE TRIGGER recordings_deleted AFTER DELETE ON files WHEN OLD.media_type = 'application/vnd.messaging.recording' BEGIN
            UPDATE recording_usage SET bytes = bytes - iif(OLD.state < 3, OLD.size, 0) WHERE device IN (OLD.device, x'');
        END;
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
