using System.Buffers.Binary;
using Messaging.Agent.Spool;

namespace Messaging.Agent.Files;

/// <summary>
/// Bytes that may still be read from files today (UTC). What was used is in the same entry of the spool as what it was used for. Without a clock
/// that can be right the day goes on.
/// </summary>
/// <param name="limit">Bytes a day; 0 is no limit.</param>
internal sealed class DayBudget(long limit)
{
    public const string Key = "transfers-day";
    private const long DayMs = 24L * 3600 * 1000;
    private const int Bytes = 16;
    private long _day;
    private long _used;

    public void Load(IReadOnlyList<Checkpoint> checkpoints)
    {
        if (checkpoints is [var stored] && stored.Value.Length == Bytes)
        {
            _day = BinaryPrimitives.ReadInt64LittleEndian(stored.Value.Span);
            _used = Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(stored.Value.Span[8..]));
        }
    }

    public bool IsOpen(long? unixMs)
    {
        if (unixMs / DayMs is { } today && today != _day)
        {
            (_day, _used) = (today, 0);
        }

        return limit == 0 || _used < limit;
    }

    /// <summary>What to write with so many bytes more; nothing where there is no limit.</summary>
    public Checkpoint[] With(int bytes)
    {
        if (limit == 0)
        {
            return [];
        }

        var value = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(value, _day);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), _used + bytes);
        return [new Checkpoint(Key, value)];
    }

    /// <summary>They are written.</summary>
    public void Use(int bytes) => _used += bytes;
}
