using Messaging.Commands;
using Messaging.FleetServer.Telemetry;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Commands.Output;

/// <summary>Appends what commands write, in the transaction that holds the ingest's windows: each byte once, whatever a device sends.</summary>
internal sealed class OutputWrites : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _overlapping;

    /// <summary>Pieces never overlap, so that a command has at most as many bytes as may be sent of one.</summary>
    public OutputWrites(SqliteConnection connection)
    {
        var overlap =
            $"""
            FROM command_output WHERE device = ?1 AND command = ?2 AND start > ?3 - {CommandOutput.MaxBytes}
                AND start < ?3 + max(?4, 1) AND start + max(length(bytes), 1) > ?3
            """;
        _insert = new Statement(
            connection,
            $"""
            INSERT INTO command_output(device, command, start, source, bytes, written, received)
            SELECT ?1, ?2, ?3, ?5, ?6, ?7, ?8 WHERE NOT EXISTS(SELECT 1 {overlap})
            """,
            8);
        _overlapping = new Statement(connection, $"SELECT start, length(bytes), written IS NOT NULL {overlap} ORDER BY start", 4);
    }

    public void Write(TelemetryGroup group, SqliteTransaction transaction)
    {
        foreach (var row in group.Outputs)
        {
            row.Kept = Insert(row, transaction) ? [row] : [.. Missing(row, transaction).Where(part => Insert(part, transaction))];
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _overlapping.Dispose();
    }

    private bool Insert(OutputRow row, SqliteTransaction transaction) => _insert.Run(
        transaction, row.Device.ToArray(), row.Command.ToArray(), row.Start, row.Bytes.Length, (int)row.Source, row.Bytes, row.Written, row.ReceivedAt) > 0;

    /// <summary>Who was restarted sends again what a command wrote, cut otherwise: what of it is not there yet.</summary>
    private IReadOnlyList<OutputRow> Missing(OutputRow row, SqliteTransaction transaction)
    {
        var there = new List<OutputSpan>();
        using var reader = _overlapping.Query(transaction, row.Device.ToArray(), row.Command.ToArray(), row.Start, row.Bytes.Length);
        while (reader.Read())
        {
            there.Add(new OutputSpan(reader.GetInt32(0), reader.GetInt32(1), reader.GetBoolean(2)));
        }

        return OutputOverlap.Missing(row, there);
    }
}
