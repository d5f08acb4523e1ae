using Messaging.Audit;
using Messaging.EndToEnd.Harness;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.EvilRelay.Harness;

/// <summary>Writes a server's audit log anew, with the server's key: every hash and every checkpoint is as it should be.</summary>
internal static class AuditForger
{
    /// <param name="data">The folder of a server that does not run.</param>
    public static void Rewrite(string data, StolenKeys stolen)
    {
        using var registry = new SqliteConnection($"Data Source={Path.Combine(data, "registry.db")};Pooling=False");
        registry.Open();
        Run(registry, "DROP TRIGGER audit_no_update; DROP TRIGGER audit_checkpoints_no_update; DROP TRIGGER audit_checkpoints_no_delete");
        var hashes = new Dictionary<(string Log, long Number), byte[]>();
        var entries = Read(registry);
        foreach (var (id, entry) in entries)
        {
            var log = entry.LogId.ToString();
            var forged = new LoggedEntry
            {
                LogId = entry.LogId,
                Number = entry.Number,
                Previous = hashes.GetValueOrDefault((log, entry.Number - 1), new byte[32]),
                UnixMs = entry.UnixMs,
                ActorKind = entry.ActorKind,
                ActorId = entry.ActorId,
                Actor = entry.Number == 1 ? "somebody else" : entry.Actor,
                Action = entry.Action,
                Target = entry.Target,
                Outcome = entry.Outcome,
                Address = entry.Address,
                Details = entry.Details,
            };
            hashes[(log, entry.Number)] = forged.Hash();
            Run(
                registry, "UPDATE audit SET Previous = $previous, Hash = $hash, Actor = $actor WHERE Id = $id",
                ("$previous", forged.Previous), ("$hash", forged.Hash()), ("$actor", forged.Actor), ("$id", id));
        }

        var last = entries[^1].Entry;
        var checkpoint = LogCheckpoint.Sign(stolen.Server, stolen.ServerId, last.LogId, last.Number, hashes[(last.LogId.ToString(), last.Number)], Owner.Now);
        Run(
            registry, "DELETE FROM audit_checkpoints; INSERT INTO audit_checkpoints (LogId, Number, Time, Bytes) VALUES ($log, $number, $time, $bytes)",
            ("$log", last.LogId.ToString()), ("$number", last.Number), ("$time", checkpoint.UnixMs), ("$bytes", checkpoint.Bytes.ToArray()));
        File.WriteAllBytes(Path.Combine(data, "audit-head"), checkpoint.Bytes.ToArray());
    }

    private static List<(long Id, LoggedEntry Entry)> Read(SqliteConnection registry)
    {
        using var command = registry.CreateCommand();
        command.CommandText = "SELECT Id, LogId, Number, Previous, Time, ActorKind, ActorId, Actor, Action, Target, Outcome, Address, Details FROM audit ORDER BY Id";
        using var reader = command.ExecuteReader();
        var entries = new List<(long, LoggedEntry)>();
        while (reader.Read())
        {
            Assert.True(ChainId.TryParse(reader.GetString(1), out var log));
            entries.Add((reader.GetInt64(0), new LoggedEntry
            {
                LogId = log,
                Number = reader.GetInt64(2),
                Previous = (byte[])reader[3],
                UnixMs = reader.GetInt64(4),
                ActorKind = reader.GetString(5),
                ActorId = reader.GetString(6),
                Actor = reader.GetString(7),
                Action = reader.GetString(8),
                Target = reader.GetString(9),
                Outcome = reader.GetString(10),
                Address = reader.GetString(11),
                Details = reader.GetString(12),
            }));
        }

        return entries;
    }

    private static void Run(SqliteConnection registry, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = registry.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
