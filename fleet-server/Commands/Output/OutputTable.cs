using Messaging.Commands;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Telemetry.Queries;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands.Output;

/// <summary>Reads what commands wrote.</summary>
internal sealed class OutputTable(TelemetryDatabase database)
{
    /// <summary>Pieces that end behind a place, in order, until they have so many bytes.</summary>
    /// <param name="device">The device.</param>
    /// <param name="command">Its command.</param>
    /// <param name="from">In bytes.</param>
    /// <param name="limit">At least one piece is given.</param>
    public IReadOnlyList<OutputRow> Read(PrincipalId device, CommandId command, int from, int limit)
    {
        using var connection = database.OpenReader();
        using var query = connection.Query(
            """
            SELECT start, source, bytes, written, received FROM command_output
            WHERE device = $device AND command = $command AND start > $near AND (start + length(bytes) > $from OR written IS NOT NULL) ORDER BY start
            """,
            ("$device", device.ToArray()), ("$command", command.ToArray()), ("$near", from - CommandOutput.MaxBytes - 1), ("$from", from));
        using var reader = query.ExecuteReader();
        var rows = new List<OutputRow>();
        var bytes = 0;
        while (bytes < limit && reader.Read())
        {
            var row = new OutputRow(
                device, command, reader.GetInt32(0), (OutputSource)reader.GetInt32(1), (byte[])reader.GetValue(2), reader.IsDBNull(3) ? null : reader.GetInt64(3),
                reader.GetInt64(4));
            rows.Add(row);
            bytes += row.Bytes.Length;
        }

        return rows;
    }
}
