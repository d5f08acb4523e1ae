using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <summary>The file telemetry.db: one writer, any number of readers (WAL).</summary>
internal sealed class TelemetryDatabase
{
    private readonly string _path;

    /// <summary>Creates the file with its tables where it is missing and migrates it where it is old.</summary>
    public TelemetryDatabase(string path)
    {
        _path = path;
        using var connection = OpenWriter();
        TelemetrySchema.Migrate(connection);
    }

    /// <summary>
    /// The connection for writing. synchronous=FULL: a commit is on the disk when it returns, and acks rest on that.
    /// </summary>
    public SqliteConnection OpenWriter()
    {
        var connection = Open(SqliteOpenMode.ReadWriteCreate, pooling: false);
        Pragma(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;");
        return connection;
    }

    /// <summary>A connection for queries; dispose it soon, an open read transaction keeps the WAL from being reset.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = Open(SqliteOpenMode.ReadWrite, pooling: true);
        Pragma(connection, "PRAGMA query_only = ON; PRAGMA busy_timeout = 10000;");
        return connection;
    }

    private static void Pragma(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The callers above pass constants.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open(SqliteOpenMode mode, bool pooling)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _path, Mode = mode, Pooling = pooling }.ToString());
        connection.Open();
        return connection;
    }
}
