using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>What all queries of telemetry.db share.</summary>
internal static class TelemetryReads
{
    /// <summary>A command with its parameters; the caller disposes of it.</summary>
    public static SqliteCommand Query(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Callers pass constants; what comes from outside comes as a parameter.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    /// <summary>The 16 bytes by which telemetry.db knows a device.</summary>
    public static byte[] Key(string deviceId) => Convert.FromHexString(deviceId);
}
