using Messaging.Commands;
using Messaging.FleetServer.Telemetry;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Commands.Output;

/// <summary>Appends what commands write, in the transaction that holds the ingest's windows: each byte once, whatever a device sends.</summary>
internal sealed class OutputWrites : IDisposable
{
    private readonly Statement _insert;

    /// <summary>Pieces never overlap, so that a command has at most as many bytes as may be sent of one.</summary>
    public OutputWrites(SqliteConnection connection) => _insert = new Statement(
        connection,
        $"""
        INSERT INTO command_output(device, command, start, source, bytes, written, received)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS(
            SELECT 1 FROM command_output WHERE device = ?1 AND command = ?2 AND start > ?3 - {CommandOutput.MaxBytes}
                AND start < ?3 + max(length(?5), 1) AND start + max(length(bytes), 1) > ?3)
        """,
        7);

    public void Write(TelemetryGroup group, SqliteTransaction transaction)
    {
        foreach (var row in group.Outputs)
        {
            row.IsNew = _insert.Run(
                transaction, row.Device.ToArray(), row.Command.ToArray(), row.Start, (int)row.Source, row.Bytes, row.Written, row.ReceivedAt) > 0;
        }
    }

    public void Dispose() => _insert.Dispose();
}
