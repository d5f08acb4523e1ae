using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Telemetry.Queries;
using Messaging.FleetServer.Tests.Harness;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Tests.Telemetry;

public sealed class TelemetrySchemaTests
{
    private const string Device = "00112233445566778899aabbccddeeff";

    [Fact]
    public void Database_OfVersion1_KeepsItsRowsAndTheirTimesAreExact()
    {
        using var folder = new ScratchFolder();
        var path = folder["telemetry.db"];
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE series(id INTEGER PRIMARY KEY, device BLOB NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, kind INTEGER NOT NULL, attributes TEXT NOT NULL);
                CREATE TABLE points(series INTEGER NOT NULL, t INTEGER NOT NULL, v REAL NOT NULL, PRIMARY KEY(series, t)) WITHOUT ROWID;
                CREATE TABLE logs(id INTEGER PRIMARY KEY, device BLOB NOT NULL, t INTEGER NOT NULL, received INTEGER NOT NULL, severity INTEGER NOT NULL,
                    source TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL);
                CREATE TABLE events(id INTEGER PRIMARY KEY, device BLOB NOT NULL, t INTEGER NOT NULL, received INTEGER NOT NULL, name TEXT NOT NULL,
                    severity INTEGER NOT NULL, attributes TEXT NOT NULL);
                INSERT INTO series VALUES(1, x'00112233445566778899aabbccddeeff', 'm', '1', 0, '{}');
                INSERT INTO points VALUES(1, 1700000000000, 5);
                INSERT INTO logs VALUES(1, x'00112233445566778899aabbccddeeff', 1700000000001, 1700000000002, 9, 's', 'b', '{}');
                INSERT INTO events VALUES(1, x'00112233445566778899aabbccddeeff', 1700000000003, 1700000000004, 'e', 9, '{}');
                PRAGMA user_version = 1;
                """;
            command.ExecuteNonQuery();
        }

        var database = new TelemetryDatabase(path);

        var point = Assert.Single(new MetricQueries(database).ReadSeries(1, 0, long.MaxValue, 10));
        Assert.Equal((1_700_000_000_000, 5.0, TimeQuality.Exact), (point.Time, point.Value, point.Quality));
        var records = new RecordQueries(database);
        Assert.Equal((1_700_000_000_001, TimeQuality.Exact), Assert.Single(records.ReadLogs(Device, 10, null, null, 0).Lines) is var line ? (line.Time, line.Quality) : default);
        Assert.Equal(TimeQuality.Exact, Assert.Single(records.ReadEvents(Device, 10)).Quality);
        Assert.Empty(new BootQueries(database).Read(Device, 10));
        SqliteConnection.ClearAllPools();
    }
}
