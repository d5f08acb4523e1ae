using System.Buffers.Binary;
using Messaging.Epochs;
using Messaging.Streams;
using Microsoft.Data.Sqlite;

namespace Messaging.EndToEnd.Harness;

/// <summary>One epoch of a device as the server's database has it, beside what the device says that it had put into it.</summary>
internal sealed record StoredEpoch(long Number, IReadOnlyDictionary<uint, ulong> StoredThrough, IReadOnlyDictionary<uint, ulong> Claimed)
{
    /// <summary>Streams of which not everything that the device spooled is stored.</summary>
    public IEnumerable<string> MissingUpToItsEnd => Claimed
        .Where(claim => StoredThrough.GetValueOrDefault(claim.Key) < claim.Value)
        .Select(claim => $"epoch {Number}, stream {claim.Key}: stored through {StoredThrough.GetValueOrDefault(claim.Key)} of {claim.Value}");
}

/// <summary>Reads telemetry.db beside the running server.</summary>
internal static class StoredEpochs
{
    private const int PairBytes = sizeof(uint) + sizeof(ulong);

    public static IReadOnlyList<StoredEpoch> Read(string database)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        var windows = Windows(connection);
        var rows = new List<(long Number, Dictionary<uint, ulong> Stored, Dictionary<uint, ulong> Previous)>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, epoch_no, prev_last, final FROM epochs ORDER BY epoch_no";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var stored = reader.IsDBNull(3) ? windows.GetValueOrDefault(reader.GetInt64(0)) ?? [] : Pairs((byte[])reader.GetValue(3));
            rows.Add((reader.GetInt64(1), stored, reader.IsDBNull(2) ? [] : Pairs((byte[])reader.GetValue(2))));
        }

        return [.. rows.Select((row, i) => new StoredEpoch(row.Number, row.Stored, i + 1 < rows.Count ? Spooled(rows[i + 1].Previous) : []))];
    }

    // The volatile stream is never spooled.
    private static Dictionary<uint, ulong> Spooled(Dictionary<uint, ulong> claimed) =>
        claimed.Where(static claim => claim.Key != StreamId.Volatile).ToDictionary();

    private static Dictionary<long, Dictionary<uint, ulong>> Windows(SqliteConnection connection)
    {
        var windows = new Dictionary<long, Dictionary<uint, ulong>>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT epoch, stream, state FROM windows";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            Assert.True(ReplayWindow.TryLoad((byte[])reader.GetValue(2), out var window));
            windows.TryAdd(reader.GetInt64(0), []);
            windows[reader.GetInt64(0)][(uint)reader.GetInt64(1)] = window.CumulativeThrough;
        }

        return windows;
    }

    private static Dictionary<uint, ulong> Pairs(byte[] packed)
    {
        var pairs = new Dictionary<uint, ulong>();
        for (var at = 0; at < packed.Length; at += PairBytes)
        {
            pairs[BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(at))] = BinaryPrimitives.ReadUInt64LittleEndian(packed.AsSpan(at + sizeof(uint)));
        }

        return pairs;
    }
}
