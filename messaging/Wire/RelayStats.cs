using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>The relay's counters, sent to control: [1, [[name, value]...]]. Counters start at 0 with the relay's process.</summary>
/// <param name="Counters">Names of at most 64 bytes with their values, at most <see cref="MaxCounters"/>.</param>
public sealed record RelayStats(IReadOnlyList<KeyValuePair<string, ulong>> Counters)
{
    /// <summary>The most counters in one message.</summary>
    public const int MaxCounters = 256;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (stats, ref writer) =>
    {
        writer.WriteArrayHead(2);
        writer.WriteUInt64(1);
        writer.WriteArrayHead(stats.Counters.Count, MaxCounters);
        foreach (var (name, value) in stats.Counters)
        {
            writer.WriteArrayHead(2);
            writer.WriteText(name, 64);
            writer.WriteUInt64(value);
        }
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RelayStats? stats)
    {
        stats = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(2) || !reader.TryReadExpected(1) || !reader.TryReadArrayHead(out var count, MaxCounters))
        {
            return false;
        }

        var counters = new KeyValuePair<string, ulong>[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(2) || !reader.TryReadText(out var name, 64) || !reader.TryReadUInt64(out var value))
            {
                return false;
            }

            counters[i] = new KeyValuePair<string, ulong>(name, value);
        }

        stats = reader.AtEnd ? new RelayStats(counters) : null;
        return stats is not null;
    }
}
